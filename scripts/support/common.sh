# shellcheck shell=bash
# What the scripts share; sourced, never run.

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
export top

# Python's caches stay out of the tree.
export PYTHONDONTWRITEBYTECODE=1

if [[ -t 1 && -z ${NO_COLOR:-} ]]; then
    bold=$'\e[1m' red=$'\e[31m' green=$'\e[32m' dim=$'\e[2m' plain=$'\e[0m'
else
    bold='' red='' green='' dim='' plain=''
fi
export bold red green dim plain

# step TEXT: says what happens next.
step() { printf '%s==>%s %s\n' "$bold" "$plain" "$*"; }

# die TEXT: what went wrong and what to do, then the end.
die() {
    printf '%s%s:%s %s\n' "$red" "$(basename "$0")" "$plain" "$*" >&2
    exit 1
}

# usage SCRIPT: the comment at a script's head is its help.
usage() { sed -n '2,/^[^#]/{/^#/s/^# \{0,1\}//p}' "$1"; }

# Suites whose tests measure time, and those that fill every processor: they run one after another.
timed_suites='WatchdogTests|IdleConnectionTests|SlowPeerTests|FrozenProcessTests|NameLookupTests|KillMatrixTests'
timed_suites+='|TallyRuntimeTests\.SinksTests|LocalServer|LocalFunctionTests'
busy_suites='SoakTests|JSONHostileTextTests'
# All tests at once starve each other: under the thread sanitizer one of two requests took three minutes, and libcurl had
# given its connection up before the second.
side_by_side=(--experimental-maximum-parallelization-width 16)
export timed_suites busy_suites side_by_side

# packages: the Debian packages that the scripts need.
packages() { sed 's/#.*//; /^[[:space:]]*$/d' "$top/scripts/support/packages.txt"; }
