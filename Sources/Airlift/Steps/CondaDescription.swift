import Archives
import Bundle
import Conda
import Install
import Resolve
import Wheels

/// What a conda package in the store says of itself.
enum CondaDescription {
    /// Reads the small files below `info/`.
    static func read(_ path: String, filename: String) throws -> CondaPackageInfo {
        try CondaContents.info(of: FileRegion(path: path, name: filename), filename: filename)
    }

    /// The projects that it brings, as their metadata names them; those without a version that can be read are no
    /// answer to a requirement.
    static func projects(_ info: CondaPackageInfo, _ python: Manifest.Python) throws
        -> [ProjectName: ProvidedProject]
    {
        var found: [ProjectName: ProvidedProject] = [:]
        for distribution in try CondaContents.Distribution.all(in: info, python: python) {
            guard let name = try? ProjectName(distribution.name),
                let version = try? PythonVersion(distribution.version)
            else { continue }
            found[name] = ProvidedProject(version: version, package: info.index.name)
        }
        return found
    }
}
