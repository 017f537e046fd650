import Archives
import Conda
import Wheels

/// What a conda package in the store says of itself.
enum CondaDescription {
    /// Reads the small files below `info/`.
    static func read(_ path: String, filename: String) throws -> CondaPackageInfo {
        try naming(filename) {
            var files: [String: [UInt8]] = [:]
            var names: [String] = []
            try CondaArchive.readInfo(FileRegion(path: path, name: filename)) { entry, content in
                names.append(entry.path.string)
                if entry.kind == .file, CondaPackageInfo.isWanted(entry.path.string) {
                    files[entry.path.string] = try content.bytes()
                }
            }
            return try CondaPackageInfo(files: files, names: names, filename: filename)
        }
    }

    /// The projects that a package brings into site-packages, as their `.dist-info` and `.egg-info` name them.
    static func projects(in paths: [String], sitePackages: String) -> [ProjectName: PythonVersion] {
        var found: [ProjectName: PythonVersion] = [:]
        for path in paths {
            for root in ["site-packages/", sitePackages + "/"] where path.hasPrefix(root) {
                let top = path.dropFirst(root.count).prefix { $0 != "/" }
                for suffix in [".dist-info", ".egg-info"] where top.hasSuffix(suffix) {
                    let stem = top.dropLast(suffix.count).split(separator: "-")
                    if stem.count >= 2, let name = try? ProjectName(String(stem[0])),
                        let version = try? PythonVersion(String(stem[1]))
                    {
                        found[name] = version
                    }
                }
            }
        }
        return found
    }
}
