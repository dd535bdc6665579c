module github.com/litesync/litesync

go 1.25
