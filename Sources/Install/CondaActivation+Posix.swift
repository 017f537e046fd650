extension CondaActivation {
    /// For sh, dash, bash and zsh, to be sourced; with `set -eu` too, as far as the packages' own scripts bear it.
    ///
    /// The scripts of `activate.d` are looked up when they are wanted, so that those count that came later. That is
    /// done in a subshell, whatever the caller's shell options, locale and `IFS` are, and comes back as quoted words.
    var posix: String {
        let prefix = shellQuoted(prefix)
        let bin = shellQuoted(self.prefix + "/bin")
        let sets = assignments.map { variable in
            "    _airlift_set \(variable.name)\(variable.value.map { " " + shellQuoted($0) } ?? "")"
        }.joined(separator: "\n")
        let restores = names.map { "    _airlift_restore \($0)" }.joined(separator: "\n")
        return """
            # Source this file: . bin/activate
            # To leave the environment again: deactivate
            if [ "${_airlift_mode-}" != define ] && [ -n "${VIRTUAL_ENV-}" ] && [ "$VIRTUAL_ENV" != "${CONDA_PREFIX-}" ]; then
                # A virtual environment has no levels: it is left.
                case "$(command -v deactivate)" in
                    deactivate) deactivate ;;
                esac
            fi
            \(Self.posixHelpers)
            _airlift_leave () {
                if [ -n "$1" ]; then
                    _airlift_path \(bin) "$1"
                else
                    _airlift_path \(bin)
                fi
                _airlift_source \(prefix)/etc/conda/deactivate.d reverse
                _airlift_prompt ''
            \(restores)
            }
            _airlift_enter () {
                _airlift_level=0
                case "${CONDA_SHLVL-}" in
                    '' | *[!0-9]* | 0*) ;;
                    *) if [ -n "${CONDA_PREFIX-}" ]; then _airlift_level=$CONDA_SHLVL; fi ;;
                esac
                if [ "$_airlift_level" -gt 0 ] && [ "$CONDA_PREFIX" = \(prefix) ]; then
                    _airlift_level=$((_airlift_level - 1))
                    _airlift_leave ''
                    PATH=\(bin)"${PATH:+:$PATH}"
                elif [ "$_airlift_level" -gt 0 ]; then
                    _airlift_source "$CONDA_PREFIX/etc/conda/deactivate.d" reverse
                    eval "CONDA_PREFIX_$_airlift_level=\\$CONDA_PREFIX"
                    export "CONDA_PREFIX_$_airlift_level"
                    _airlift_path "$CONDA_PREFIX/bin" \(bin)
                else
                    PATH=\(bin)"${PATH:+:$PATH}"
                fi
                export PATH
                _airlift_word=\(shellQuoted(promptModifier))
                if [ -n "${VIRTUAL_ENV_DISABLE_PROMPT-}" ]; then _airlift_word=; fi
                case "${CONDA_CHANGEPS1-}" in
                    [Ff]alse | [Nn]o | [Oo]ff | 0) _airlift_word= ;;
                esac
                _airlift_prompt "$_airlift_word"
                _airlift_set CONDA_PREFIX \(prefix)
                _airlift_set CONDA_DEFAULT_ENV \(shellQuoted(defaultEnvironment))
                _airlift_set CONDA_PROMPT_MODIFIER "$_airlift_word"
                _airlift_set CONDA_SHLVL "$((_airlift_level + 1))"
            \(sets)
                _airlift_source \(prefix)/etc/conda/activate.d
                unset _airlift_level _airlift_word
            }
            deactivate () {
                if [ "${CONDA_PREFIX-}" != \(prefix) ]; then
                    echo "deactivate: the active environment is '${CONDA_PREFIX-}'" >&2
                    return 1
                fi
                _airlift_level=0
                _airlift_outer=
                case "${CONDA_SHLVL-}" in
                    '' | *[!0-9]* | 0* | 1) ;;
                    *)
                        _airlift_level=$((CONDA_SHLVL - 1))
                        eval "_airlift_outer=\\${CONDA_PREFIX_$_airlift_level-}"
                        ;;
                esac
                if [ -z "$_airlift_outer" ]; then
                    _airlift_leave ''
                    _airlift_forget
                    return 0
                fi
                _airlift_leave "$_airlift_outer/bin"
                CONDA_PREFIX=$_airlift_outer
                CONDA_SHLVL=$_airlift_level
                export CONDA_PREFIX CONDA_SHLVL
                unset "CONDA_PREFIX_$_airlift_level"
                _airlift_prompt "${CONDA_PROMPT_MODIFIER-}"
                _airlift_source "$CONDA_PREFIX/etc/conda/activate.d"
                _airlift_forget
                # Another environment of Airlift's brings its own way out; one of conda's has `conda deactivate`.
                if [ -f "$CONDA_PREFIX/.airlift/record.json" ]; then
                    _airlift_mode=define
                    if [ -f "$CONDA_PREFIX/bin/airlift-activate" ]; then
                        . "$CONDA_PREFIX/bin/airlift-activate"
                    elif [ -f "$CONDA_PREFIX/bin/activate" ]; then
                        . "$CONDA_PREFIX/bin/activate"
                    fi
                fi
            }
            if [ "${_airlift_mode-}" = define ]; then
                unset _airlift_mode
            else
                _airlift_enter
            fi
            hash -r 2>/dev/null || :

            """
    }

    /// What does not depend on the environment.
    private static let posixHelpers = #"""
        _airlift_scripts () (
            if [ -n "${ZSH_VERSION-}" ]; then emulate sh; fi
            if [ -n "${BASH_VERSION-}" ]; then
                shopt -u failglob nullglob dotglob nocaseglob
                unset GLOBIGNORE
            fi
            set +efux
            LC_ALL=C
            list=
            for file in "$1"/.*.sh "$1"/*.sh; do
                if ! [ -f "$file" ]; then continue; fi
                word="'"
                while :; do
                    case $file in
                        *\'*)
                            word="$word${file%%\'*}'\\''"
                            file=${file#*\'}
                            ;;
                        *) break ;;
                    esac
                done
                if [ -n "${2-}" ]; then list="$word$file' $list"; else list="$list $word$file'"; fi
            done
            printf '%s' "$list"
        )
        _airlift_source () {
            eval "set -- $(_airlift_scripts "$1" "${2-}")"
            while [ "$#" -gt 0 ]; do
                _airlift_script=$1
                shift
                _airlift_dot
            done
            unset _airlift_script
        }
        _airlift_dot () {
            . "$_airlift_script"
        }
        _airlift_set () {
            if eval "[ -n \"\${$1+x}\" ]"; then
                eval "__CONDA_SHLVL_${_airlift_level}_$1=\$$1"
                export "__CONDA_SHLVL_${_airlift_level}_$1"
            else
                unset "__CONDA_SHLVL_${_airlift_level}_$1"
            fi
            if [ "$#" -gt 1 ]; then
                eval "$1=\$2"
                export "$1"
            else
                unset "$1"
            fi
        }
        _airlift_restore () {
            if eval "[ -n \"\${__CONDA_SHLVL_${_airlift_level}_$1+x}\" ]"; then
                eval "$1=\$__CONDA_SHLVL_${_airlift_level}_$1"
                export "$1"
                unset "__CONDA_SHLVL_${_airlift_level}_$1"
            else
                unset "$1"
            fi
        }
        _airlift_path () {
            _airlift_rest=":${PATH-}:"
            case "$_airlift_rest" in
                *:"$1":*)
                    _airlift_word=${_airlift_rest%%:"$1":*}
                    _airlift_rest=${_airlift_rest#*:"$1":}
                    _airlift_rest="$_airlift_word:${2:+$2:}$_airlift_rest"
                    _airlift_rest=${_airlift_rest#:}
                    PATH=${_airlift_rest%:}
                    ;;
                *) if [ -n "${2-}" ]; then PATH="$2${PATH:+:$PATH}"; fi ;;
            esac
            export PATH
            unset _airlift_rest _airlift_word
        }
        _airlift_prompt () {
            if [ -z "${PS1+x}" ]; then return 0; fi
            case "$PS1" in
                *POWERLINE_COMMAND*) return 0 ;;
            esac
            if [ -n "${CONDA_PROMPT_MODIFIER-}" ]; then
                case "$PS1" in
                    *"$CONDA_PROMPT_MODIFIER"*)
                        PS1=${PS1%%"$CONDA_PROMPT_MODIFIER"*}${PS1#*"$CONDA_PROMPT_MODIFIER"}
                        ;;
                esac
            fi
            PS1="$1$PS1"
        }
        _airlift_forget () {
            unset _airlift_level _airlift_outer
            unset -f deactivate _airlift_scripts _airlift_source _airlift_dot _airlift_set _airlift_restore
            unset -f _airlift_path _airlift_prompt _airlift_leave _airlift_enter _airlift_forget
            hash -r 2>/dev/null || :
        }
        """#
}

/// Single quotes hold everything but themselves. Shells look at bytes: as characters, a quote and a combining
/// mark behind it are one, and no quote.
func shellQuoted(_ text: String) -> String {
    let bytes = text.utf8.flatMap { $0 == 0x27 ? Array(#"'\''"#.utf8) : [$0] }
    return "'" + String(decoding: bytes, as: UTF8.self) + "'"
}
