#!/bin/sh
# Builds the S3 engine of the tests and says where it is. It is kept in the user's cache: to build it takes Go and two minutes of processor time.
set -eu
version=1.8.0
tools="${XDG_CACHE_HOME:-$HOME/.cache}/equilux-chat/versitygw-$version"
if [ ! -x "$tools/versitygw" ]; then
  CGO_ENABLED=0 GOBIN="$tools" go install "github.com/versity/versitygw/cmd/versitygw@v$version" >&2
fi
echo "$tools/versitygw"
