import Conda
import Console
import Fetch
import Lock
import Resolve

/// A locked platform → the Python among its conda packages.
struct CondaPythonStep {
    let project: Project
    let fetcher: Fetcher
    let output: OutputOptions

    /// - Returns: nil where Python is not of the conda packages.
    func run(_ platform: Lockfile.Platform) throws -> CondaPython? {
        let packages = platform.archives.filter { $0.kind == .conda }
        guard platform.interpreter == .conda, let locked = packages.first(where: { $0.name == "python" })
        else {
            return nil
        }
        // Only the package itself says where it looks for others (CEP 17).
        let result = try FetchStep(project: project, fetcher: fetcher, quiet: output.quiet).run([locked])[0]
        let python = try CondaDescription.read(result.path, filename: locked.filename).index
        let others = packages.filter { $0.name != "python" }.map { package in
            PackageRecord(
                name: package.name, version: package.version, build: package.build ?? "", buildNumber: 0,
                subdir: package.subdir ?? platform.name, filename: package.filename)
        }
        return try CondaPython(python, among: others)
    }
}
