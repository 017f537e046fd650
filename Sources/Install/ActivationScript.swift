/// `bin/activate` and `bin/activate.fish`: put the environment's `bin` first on PATH until `deactivate`.
enum ActivationScript {
    /// For sh, dash, bash and zsh, to be sourced.
    static func posix(prefix: String, name: String) -> String {
        """
        # Source this file: . bin/activate
        deactivate () {
            if [ -n "${_AIRLIFT_OLD_PATH+x}" ]; then
                PATH="$_AIRLIFT_OLD_PATH"
                export PATH
                unset _AIRLIFT_OLD_PATH
            fi
            if [ -n "${_AIRLIFT_OLD_PYTHONHOME+x}" ]; then
                PYTHONHOME="$_AIRLIFT_OLD_PYTHONHOME"
                export PYTHONHOME
                unset _AIRLIFT_OLD_PYTHONHOME
            fi
            if [ -n "${_AIRLIFT_OLD_PS1+x}" ]; then
                PS1="$_AIRLIFT_OLD_PS1"
                unset _AIRLIFT_OLD_PS1
            fi
            unset VIRTUAL_ENV VIRTUAL_ENV_PROMPT
            hash -r 2>/dev/null
            if [ "${1:-}" != keep ]; then
                unset -f deactivate
            fi
        }
        deactivate keep
        VIRTUAL_ENV=\(quoted(prefix))
        VIRTUAL_ENV_PROMPT=\(quoted(name))
        export VIRTUAL_ENV VIRTUAL_ENV_PROMPT
        _AIRLIFT_OLD_PATH="${PATH-}"
        PATH="$VIRTUAL_ENV/bin${PATH:+:$PATH}"
        export PATH
        if [ -n "${PYTHONHOME+x}" ]; then
            _AIRLIFT_OLD_PYTHONHOME="$PYTHONHOME"
            unset PYTHONHOME
        fi
        if [ -n "${PS1+x}" ] && [ -z "${VIRTUAL_ENV_DISABLE_PROMPT-}" ]; then
            _AIRLIFT_OLD_PS1="$PS1"
            PS1="($VIRTUAL_ENV_PROMPT) $PS1"
        fi
        hash -r 2>/dev/null || :

        """
    }

    static func fish(prefix: String, name: String) -> String {
        """
        # Source this file: source bin/activate.fish
        function deactivate -d 'Leave the environment'
            if set -q _AIRLIFT_OLD_PATH
                set -gx PATH $_AIRLIFT_OLD_PATH
                set -e _AIRLIFT_OLD_PATH
            end
            if set -q _AIRLIFT_OLD_PYTHONHOME
                set -gx PYTHONHOME $_AIRLIFT_OLD_PYTHONHOME
                set -e _AIRLIFT_OLD_PYTHONHOME
            end
            if functions -q _airlift_old_prompt
                functions -e fish_prompt
                functions -c _airlift_old_prompt fish_prompt
                functions -e _airlift_old_prompt
            end
            set -e VIRTUAL_ENV
            set -e VIRTUAL_ENV_PROMPT
            if test "$argv[1]" != keep
                functions -e deactivate
            end
        end
        deactivate keep
        set -gx VIRTUAL_ENV \(fishQuoted(prefix))
        set -gx VIRTUAL_ENV_PROMPT \(fishQuoted(name))
        set -g _AIRLIFT_OLD_PATH $PATH
        set -gx PATH $VIRTUAL_ENV/bin $PATH
        if set -q PYTHONHOME
            set -g _AIRLIFT_OLD_PYTHONHOME $PYTHONHOME
            set -e PYTHONHOME
        end
        if test -z "$VIRTUAL_ENV_DISABLE_PROMPT"; and functions -q fish_prompt
            functions -c fish_prompt _airlift_old_prompt
            function fish_prompt
                printf '(%s) ' $VIRTUAL_ENV_PROMPT
                _airlift_old_prompt
            end
        end

        """
    }

    /// Single quotes hold everything but themselves. Shells look at bytes: as characters, a quote and a combining
    /// mark behind it are one, and no quote.
    private static func quoted(_ text: String) -> String {
        let bytes = text.utf8.flatMap { $0 == 0x27 ? Array(#"'\''"#.utf8) : [$0] }
        return "'" + String(decoding: bytes, as: UTF8.self) + "'"
    }

    private static func fishQuoted(_ text: String) -> String {
        let bytes = text.utf8.flatMap { $0 == 0x27 || $0 == 0x5c ? [0x5c, $0] : [$0] }
        return "'" + String(decoding: bytes, as: UTF8.self) + "'"
    }
}
