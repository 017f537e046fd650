extension EntryPoints {
    /// The commands that installers make of them.
    ///
    /// Those of pip itself carry the version of the Python that they serve: pip's wheel declares the names of the
    /// Python that built it, and pip, uv and ensurepip all write `pip`, `pip3` and `pip3.11` instead.
    /// - Parameter minorVersion: such as `3.11`.
    public func commands(of distribution: ProjectName, minorVersion: String) -> [Script] {
        guard distribution.normalized == "pip", let pip = scripts.first(where: { $0.name == "pip" }) else {
            return scripts
        }
        let others = scripts.filter { script in
            !script.name.utf8.starts(with: "pip".utf8)
                || !script.name.utf8.dropFirst(3).allSatisfy { $0.isDigit || $0 == UInt8(ascii: ".") }
        }
        let major = minorVersion.prefix { $0 != "." }
        return ["pip", "pip\(major)", "pip\(minorVersion)"].map { Script(pip, named: $0) } + others
    }
}
