extension CondaActivation {
    /// For fish, to be sourced. As conda, it runs the packages' `.fish` scripts and none of the `.sh` ones.
    var fish: String {
        let prefix = Self.fishQuoted(prefix)
        let bin = Self.fishQuoted(self.prefix + "/bin")
        let sets = assignments.map { variable in
            "    _airlift_set \(variable.name)\(variable.value.map { " " + Self.fishQuoted($0) } ?? "")"
        }.joined(separator: "\n")
        let restores = names.map { "    _airlift_restore \($0)" }.joined(separator: "\n")
        return """
            # Source this file: source bin/activate.fish
            # To leave the environment again: deactivate
            if test "$_airlift_mode" != define; and test -n "$VIRTUAL_ENV"; and test "$VIRTUAL_ENV" != "$CONDA_PREFIX"
                # A virtual environment has no levels: it is left.
                functions -q deactivate; and deactivate
            end
            \(Self.fishHelpers)
            function _airlift_leave
                _airlift_path \(bin) $argv
                _airlift_source \(prefix)/etc/conda/deactivate.d reverse
            \(restores)
            end
            function _airlift_enter
                set -g _airlift_level 0
                if string match -qr '^[1-9][0-9]*$' -- "$CONDA_SHLVL"; and test -n "$CONDA_PREFIX"
                    set -g _airlift_level $CONDA_SHLVL
                end
                if test $_airlift_level -gt 0; and test "$CONDA_PREFIX" = \(prefix)
                    set -g _airlift_level (math $_airlift_level - 1)
                    _airlift_leave
                    set -gx PATH \(bin) $PATH
                else if test $_airlift_level -gt 0
                    _airlift_source "$CONDA_PREFIX/etc/conda/deactivate.d" reverse
                    set -gx CONDA_PREFIX_$_airlift_level $CONDA_PREFIX
                    _airlift_path "$CONDA_PREFIX/bin" \(bin)
                else
                    set -gx PATH \(bin) $PATH
                end
                set -l _airlift_word \(Self.fishQuoted(promptModifier))
                if test -n "$VIRTUAL_ENV_DISABLE_PROMPT"; or string match -qir '^(false|no|off|0)$' -- "$CONDA_CHANGEPS1"
                    set _airlift_word ''
                end
                _airlift_set CONDA_PREFIX \(prefix)
                _airlift_set CONDA_DEFAULT_ENV \(Self.fishQuoted(defaultEnvironment))
                _airlift_set CONDA_PROMPT_MODIFIER $_airlift_word
                _airlift_set CONDA_SHLVL (math $_airlift_level + 1)
            \(sets)
                # Where conda's own hook is loaded, it shows the modifier.
                if functions -q fish_prompt; and not functions -q __conda_add_prompt; and not functions -q _airlift_old_prompt
                    functions -c fish_prompt _airlift_old_prompt
                    function fish_prompt
                        printf '%s' "$CONDA_PROMPT_MODIFIER"
                        _airlift_old_prompt
                    end
                end
                _airlift_source \(prefix)/etc/conda/activate.d
                set -e _airlift_level
            end
            function deactivate -d 'Leave the environment'
                if test "$CONDA_PREFIX" != \(prefix)
                    echo "deactivate: the active environment is '$CONDA_PREFIX'" >&2
                    return 1
                end
                set -g _airlift_level 0
                set -l _airlift_outer
                if string match -qr '^([2-9]|[1-9][0-9]+)$' -- "$CONDA_SHLVL"
                    set -g _airlift_level (math $CONDA_SHLVL - 1)
                    set -l _airlift_name CONDA_PREFIX_$_airlift_level
                    set _airlift_outer $$_airlift_name
                end
                if test -z "$_airlift_outer"
                    _airlift_leave
                    _airlift_forget
                    return 0
                end
                _airlift_leave "$_airlift_outer/bin"
                set -gx CONDA_PREFIX $_airlift_outer
                set -gx CONDA_SHLVL $_airlift_level
                set -eg CONDA_PREFIX_$_airlift_level
                _airlift_source "$CONDA_PREFIX/etc/conda/activate.d"
                if test -f "$CONDA_PREFIX/.airlift/record.json"; and test -f "$CONDA_PREFIX/bin/airlift-activate.fish"
                    set -g _airlift_mode define
                    source "$CONDA_PREFIX/bin/airlift-activate.fish"
                else if test -f "$CONDA_PREFIX/.airlift/record.json"; and test -f "$CONDA_PREFIX/bin/activate.fish"
                    set -g _airlift_mode define
                    source "$CONDA_PREFIX/bin/activate.fish"
                else
                    # One of conda's has `conda deactivate`.
                    _airlift_forget
                end
            end
            if test "$_airlift_mode" = define
                set -e _airlift_mode _airlift_level
            else
                _airlift_enter
            end

            """
    }

    /// What does not depend on the environment. fish orders names as people do, conda by their bytes.
    private static let fishHelpers = #"""
        function _airlift_source
            set -l _airlift_files
            for _airlift_file in $argv[1]/.*.fish $argv[1]/*.fish
                test -f $_airlift_file; and set -a _airlift_files $_airlift_file
            end
            if test (count $_airlift_files) -gt 1; and command -q sort
                set _airlift_files (printf '%s\0' $_airlift_files | env LC_ALL=C sort -z | string split0)
            end
            if test "$argv[2]" = reverse; and test (count $_airlift_files) -gt 1
                set _airlift_files $_airlift_files[-1..1]
            end
            for _airlift_file in $_airlift_files
                source $_airlift_file
            end
        end
        function _airlift_set
            set -l _airlift_name $argv[1]
            if set -q $_airlift_name
                set -gx __CONDA_SHLVL_{$_airlift_level}_$_airlift_name $$_airlift_name
            else
                set -eg __CONDA_SHLVL_{$_airlift_level}_$_airlift_name
            end
            set -eg $_airlift_name
            if test (count $argv) -gt 1
                set -gx $_airlift_name $argv[2]
            end
        end
        function _airlift_restore
            set -l _airlift_name $argv[1]
            set -l _airlift_saved __CONDA_SHLVL_{$_airlift_level}_$_airlift_name
            set -eg $_airlift_name
            if set -q $_airlift_saved
                set -gx $_airlift_name $$_airlift_saved
                set -eg $_airlift_saved
            end
        end
        function _airlift_path
            if set -l _airlift_at (contains -i -- $argv[1] $PATH)
                if test (count $argv) -gt 1
                    set PATH[$_airlift_at] $argv[2]
                else
                    set -e PATH[$_airlift_at]
                end
            else if test (count $argv) -gt 1
                set -gx PATH $argv[2] $PATH
            end
        end
        function _airlift_forget
            if functions -q _airlift_old_prompt
                functions -e fish_prompt
                functions -c _airlift_old_prompt fish_prompt
                functions -e _airlift_old_prompt
            end
            set -e _airlift_level
            functions -e deactivate _airlift_source _airlift_set _airlift_restore _airlift_path _airlift_leave
            functions -e _airlift_enter _airlift_forget
        end
        """#

    /// In fish, a backslash counts within single quotes.
    private static func fishQuoted(_ text: String) -> String {
        let bytes = text.utf8.flatMap { $0 == 0x27 || $0 == 0x5c ? [0x5c, $0] : [$0] }
        return "'" + String(decoding: bytes, as: UTF8.self) + "'"
    }
}
