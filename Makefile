STATICCHECK = go run honnef.co/go/tools/cmd/staticcheck@v0.8.2

.PHONY: help test bench bench-full readme-numbers model-deep mutation generate lint

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | expand -t 14

test: ## all tests, on every platform that this machine runs or emulates
	@.ci/test

bench: ## compare with channels and other packages, in about a minute
	@go run -C bench .

bench-full: ## the same with ten times the rounds
	@go run -C bench . -full

readme-numbers: ## measure, and write the README's tables from it
	go run -C bench . -full $(if $(ROUNDS),-rounds $(ROUNDS)) -json results.json
	go run -C bench ./readme results.json ../README.md

model-deep: ## the models at deeper bounds, in about a quarter of an hour
	LITESYNC_MODEL_DEEP=1 go test -count=1 -timeout 6h -tags model -run TestModel -v ./internal/park ./lockfree/...

mutation: ## weaken every ordering in turn, and write the table of the models that notice
	go run ./internal/model/mutate

generate: ## write the assembly anew
	go run -C asm . ..

lint: ## gofmt, go vet, staticcheck
	@unformatted=$$(gofmt -l .); [ -z "$$unformatted" ] || { echo "gofmt: $$unformatted"; exit 1; }
	for module in . asm bench; do (cd $$module && go vet ./... && $(STATICCHECK) ./...) || exit 1; done
	$(STATICCHECK) -tags purego ./...
	$(STATICCHECK) -tags model ./...
