.PHONY: help test bench bench-full generate lint

help: ## what there is to make
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

test: ## all tests, on every backend that this machine can run or emulate
	@.ci/test

bench: ## the primitives against their peers, about a minute
	@go run -C bench .

bench-full: ## the same with more rounds and every workload
	@go run -C bench . -full

generate: ## the assembly of the root package, from asm/
	@go run -C asm . ..

lint: ## gofmt, vet, staticcheck
	@test -z "$$(gofmt -l .)" || { gofmt -l .; exit 1; }
	@go vet ./... && go vet -tags purego ./... && go vet -C asm ./... && go vet -C bench ./...
	@go run honnef.co/go/tools/cmd/staticcheck@v0.7.0 ./...
	@cd bench && go run honnef.co/go/tools/cmd/staticcheck@v0.7.0 ./...
