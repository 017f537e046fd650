import Archives
import Bundle
import Digests
import Files
import Workers

/// Planning an installation that was done already, to say what it should have left.
extension InstallPlan {
    /// - Parameters:
    ///   - record: names the very bundle.
    ///   - recorded: Airlift's list of files; nil where it cannot be read.
    ///   - root: of which the environment is a release.
    /// - Throws: `InstallError` of kind `targetInTheWay` for another bundle than the recorded one.
    static func again(
        _ bundle: BundleReader, _ record: InstallRecord, _ recorded: InstalledFileList?, root: String?,
        in prefix: Directory, jobs: Int
    ) throws -> InstallPlan {
        let manifest = bundle.manifest
        guard record.bundle == bundle.digest else {
            throw InstallError(
                .targetInTheWay,
                "'\(prefix.path)' was installed from \(record.name) \(record.version) with the bundle digest \(record.bundle), and '\(bundle.path)' is \(manifest.name) \(manifest.version) with \(bundle.digest); give the bundle that it was installed from"
            )
        }
        var request = InstallRequest(prefix: record.prefix, now: record.installedAt)
        request.root = root
        request.jobs = jobs
        // Whether carried byte code was left out is written down nowhere but in the list.
        let hasBytecode = recorded?.files.contains(where: \.isBytecode) ?? true
        request.compile = record.options.compile || manifest.install.bytecode == .bundle && hasBytecode
        let wheels = manifest.archives.filter { $0.kind == .wheel }
        var packages = try parallelMap(wheels, jobs: jobs, workspace: { InflateWorkspace() }) {
            workspace, archive in
            try PackageContents.read(
                archive, in: bundle.region(of: archive.path), python: manifest.python, workspace: workspace)
        }
        var conda = try readConda(bundle, request)
        let claims = try claim(
            wheels: &packages, conda: &conda, files: manifest.files, python: manifest.python,
            overrides: manifest.overrides)
        let allowed = Set(record.options.linkScripts ?? [])
        return InstallPlan(
            bundle: bundle, request: request, existing: .absent, requirements: [], claims: claims,
            packages: packages, conda: conda,
            hostInterpreter: record.options.python.map {
                hostInterpreter($0, manifest, record, recorded, prefix)
            },
            linkScripts: LinkScript.all(of: manifest) { allowed.contains($0) }, trust: .nobody, isNeeded: true
        )
    }

    /// The version that it had is written down in `pyvenv.cfg` alone; where that is damaged, it is asked.
    private static func hostInterpreter(
        _ executable: String, _ manifest: Manifest, _ record: InstallRecord, _ recorded: InstalledFileList?,
        _ prefix: Directory
    ) -> HostInterpreter {
        func interpreter(_ version: String) -> HostInterpreter {
            HostInterpreter(executable: executable, version: version)
        }
        let own = OwnFiles(record: record, manifest: manifest, bringsActivation: { _ in false })
        let written = own.hostVersion(prefix)
        let asked = { (try? HostInterpreter.find(manifest.python, named: executable))?.version }
        guard let written else { return interpreter(asked() ?? manifest.python.version) }
        let environment = VirtualEnvironment(
            prefix: record.prefix, name: manifest.name, python: manifest.python, hostInterpreter: executable,
            hostVersion: written)
        let expected = try? environment.write(TreeWriter(prefix, writing: .nothing)).first {
            $0.path.string == "pyvenv.cfg"
        }
        let listed = recorded?.files.first { $0.path.string == "pyvenv.cfg" }
        guard let expected, let listed, expected.content != listed.content else {
            return interpreter(written)
        }
        return interpreter(asked() ?? written)
    }
}
