#!/bin/sh
# @NAME@ @VERSION@: a Python environment in one file, cut by Airlift.
#
#   sh FILE -p PREFIX      install it there           sh FILE -h       all options
#   sh FILE plan -p PREFIX say what would be done     sh FILE verify   check every byte
#
# It is a ZIP archive too. To look inside without running anything:
#
#   unzip -t FILE                               is it whole?
#   unzip -p FILE airlift/manifest.json         what is in it, with each SHA-256
#
# This text copies the installer out of the file, checks it and runs it, in the first of
# $AIRLIFT_TMPDIR, $TMPDIR, /tmp, /var/tmp, $HOME (where absolute) and the current directory
# that lets files run, and nobody else rename them.
# Exit codes: 3 the file is damaged, 5 not for this host, 7 nowhere to write; else the installer's.

airlift_stop() {
    code=$1
    shift
    printf '%s\n' "airlift: $*" >&2
    exit "$code"
}

airlift_land() {
    bundle=$1 # "$0" of the shell: in a function some shells give the function's name there
    shift
    name='@NAME@ @VERSION@'
    machine='@MACHINE@'
    offset=@OFFSET@
    size=@SIZE@
    sha256=@SHA256@

    case $bundle in
    */*) ;;
    *) bundle=./$bundle ;;
    esac
    [ -f "$bundle" ] && [ -r "$bundle" ] ||
        airlift_stop 2 "cannot read $name as '$bundle': run it as 'sh FILE', not through a pipe"
    host=$(uname -s)-$(uname -m)
    [ "$host" = "Linux-$machine" ] ||
        airlift_stop 5 "$name is for Linux-$machine and this host is $host: take the bundle cut for it"
    [ -h /proc/self/exe ] ||
        airlift_stop 5 "the installer of $name needs /proc: mount -t proc proc /proc"
    # Were it closed, the first file that the installer opens would be its standard input.
    # A bare root has no /dev/null; reading a directory fails.
    { true 9<&0; } 2>&- || { [ -c /dev/null ] && exec </dev/null; } || exec </

    # A number with leading zeros would be read as octal.
    offset=${offset#"${offset%%[!0]*}"}
    size=${size#"${size%%[!0]*}"}
    holder='' tried='' code=7 mask=$(umask)
    trap '[ -z "$holder" ] || { rm -f "$holder/airlift-installer" "$holder/log"; rmdir "$holder"; }' EXIT
    trap 'exit 129' HUP
    trap 'exit 130' INT
    trap 'exit 143' TERM
    umask 077

    for directory in "${AIRLIFT_TMPDIR:-}" "${TMPDIR:-}" /tmp /var/tmp "${HOME:-}" .; do
        case $directory in
        /* | .) ;;
        *) continue ;;
        esac
        [ -d "$directory" ] && [ -w "$directory" ] || continue
        # Where all may write and no sticky bit protects names, others could change what is to run.
        case $(ls -ld "$directory/." 2>&-) in ????????w[!tT]*) continue ;; esac
        # mkdir takes no name that is there already, not even a dangling link.
        attempt=0
        until mkdir "$directory/.airlift-$$-$attempt" 2>&-; do
            attempt=$((attempt + 1))
            [ "$attempt" -lt 20 ] || continue 2
        done
        holder=$directory/.airlift-$$-$attempt
        installer=$holder/airlift-installer
        log=$holder/log # for what the tools say

        if dd if="$bundle" of="$installer" bs=4096 skip=$((offset / 4096)) \
            count=$((size / 4096)) 2>>"$log"; then
            [ "$(wc -c <"$installer")" -eq "$size" ] ||
                airlift_stop 3 "'$bundle' is cut short: it ends before its installer does; copy it again"
            # openssl first: it uses the processor's own instructions for it, which sha256sum may not.
            digest=$({ openssl dgst -sha256 -r || sha256sum || shasum -a 256 || busybox sha256sum; } \
                <"$installer" 2>>"$log") || digest=$sha256 # no tool: the bundle's own check remains
            [ "${digest%% *}" = "$sha256" ] ||
                airlift_stop 3 "the installer in '$bundle' has SHA-256 ${digest%% *}, not $sha256; copy it again"
            chmod 700 "$installer"
            if [ "$("$installer" --airlift-probe 2>>"$log")" = airlift ]; then
                rm -f "$log"
                umask "$mask"
                exec "$installer" --airlift-bundle "$bundle" --airlift-unlink "$holder" "$@"
            fi
            code=5 tried="$tried, $directory (files may not run there)"
        else
            tried="$tried, $directory (no room for a copy)"
        fi
        rm -f "$installer" "$log"
        rmdir "$holder"
        holder=''
    done
    airlift_stop "$code" "found no directory to run the installer of $name in${tried:+: tried ${tried#, }};" \
        "name one that lets files run, with room for $size bytes, in AIRLIFT_TMPDIR"
@PADDING@
}

{ airlift_land "$0" "$@"; exit; }
