#!/bin/sh
# Runs a command with no network and with the Pythons of this machine hidden:
#   sh installers/isolated.sh COMMAND [ARGUMENT…]
# Leaves with 125 and one sentence where this machine does not permit that.
#
# A virtual environment that lost its base quietly borrows the host's Python, and everything seems to work.
# So here the standard libraries and executables outside the prefix are gone, not only off PATH.
set -eu

if [ "${AIRLIFT_ISOLATED:-}" != yes ]; then
    for options in '-n -m' '-r -n -m'; do
        # Unquoted: they are several options.
        if unshare $options true 2>/dev/null; then
            AIRLIFT_ISOLATED=yes exec unshare $options sh "$0" "$@"
        fi
    done
    echo "airlift: 'unshare -n -m' is not permitted to this user here" >&2
    exit 125
fi

empty=$(mktemp -d)
# Private to this mount namespace: the mounts end with the last process in it.
for directory in /usr/lib/python3* /usr/lib64/python3* /usr/local/lib/python3* \
    /opt/python* "${PYENV_ROOT:-$HOME/.pyenv}" "$HOME/.local/lib"/python3*; do
    [ ! -d "$directory" ] || mount --bind "$empty" "$directory"
done
for program in /usr/bin/python3* /usr/local/bin/python3*; do
    # A link is hidden by what hides its target.
    [ ! -f "$program" ] || [ -h "$program" ] || mount --bind /dev/null "$program"
done
if python3 -c '' 2>/dev/null || /usr/bin/python3 -c '' 2>/dev/null; then
    echo "airlift: a Python of this machine is still to be seen" >&2
    exit 125
fi
if [ "$(grep -c : /proc/net/dev)" -gt 1 ]; then
    echo "airlift: a network is still to be seen" >&2
    exit 125
fi
unset AIRLIFT_ISOLATED
status=0
"$@" || status=$?
rmdir "$empty" 2>/dev/null || true
exit "$status"
