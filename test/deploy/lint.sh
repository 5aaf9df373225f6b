#!/bin/sh
# Lints the CloudFormation templates with every rule, informational ones too. The linter is kept in the user's cache.
set -eu
version=1.58.0
tools="${XDG_CACHE_HOME:-$HOME/.cache}/equilux-chat/cfn-lint-$version"
if [ ! -x "$tools/bin/cfn-lint" ]; then
  python3 -m venv "$tools"
  "$tools/bin/pip" install --quiet --disable-pip-version-check "cfn-lint==$version"
fi
cd "$(dirname "$0")/../.."
"$tools/bin/cfn-lint" --include-checks I -- deploy/*.yaml
