import Bundle
import Files
import Glibc
import TestSupport

/// Two versions of one small bundle, made in code so that thousands of installations take minutes: wheels and conda
/// packages over this machine's Python. `greeter` and `steady` are the same in both.
enum TortureBundles {
    static let name = "payroll"
    static let first = "2026.11.21"
    static let second = "2026.12.01"

    struct Made: Sendable {
        let scratch: TemporaryDirectory
        let first: String
        let second: String
        /// As the first, with link scripts and byte code.
        let scripted: String
    }

    static func made() throws -> Made { try all.get() }

    private static let all = Result {
        let scratch = TemporaryDirectory()
        return Made(
            scratch: scratch, first: try write(scratch, "first", version: first, shouter: "2.0"),
            second: try write(scratch, "second", version: second, shouter: "2.1"),
            scripted: try write(scratch, "scripted", version: second, shouter: "2.1", scripts: true))
    }

    static func write(
        _ scratch: TemporaryDirectory, _ directory: String, version: String, shouter: String,
        scripts: Bool = false
    ) throws -> String {
        let builder = try builder(version: version, shouter: shouter, scripts: scripts)
        return try builder.write(to: scratch, below: directory).path
    }

    static func builder(version: String, shouter: String, scripts: Bool = false) throws -> BundleBuilder {
        let installer = try Product.installer
        let minor = Shared.minorVersion
        let digits = minor.split(separator: ".").joined()
        var wheels = ToyIndex.greeting
        wheels[1] = WheelBuilder("shouter", shouter)
        return BundleBuilder { [wheels] builder in
            builder.name = name
            builder.version = version
            builder.wheels = wheels
            builder.conda = [
                steady(),
                CondaPackageBuilder(
                    "changing", shouter,
                    files: [.file("share/changing.txt", "changing \(shouter)\n")]
                ) {
                    guard scripts else { return }
                    $0.linkScripts = [
                        "post-link": "#!/bin/sh\necho linked >\"$PREFIX/share/linked.txt\"\n"
                    ]
                },
            ]
            // The kept installer is the product; carried whole, it would be most of every installation.
            builder.installer = Array("#!/bin/sh\nexec '\(installer)' \"$@\"\n".utf8)
            builder.editManifest = { manifest in
                manifest.python = Manifest.Python(
                    source: .host, implementation: "cpython", version: minor, abi: "cp\(digits)",
                    cacheTag: "cpython-\(digits)", executable: nil,
                    sitePackages: "lib/python\(minor)/site-packages")
                manifest.install.bytecode = scripts ? .target : .none
                manifest.target.glibc = nil
                manifest.environment =
                    (try? EnvironmentIdentity.digest(
                        archives: manifest.archives, files: manifest.files, python: manifest.python,
                        install: manifest.install)) ?? manifest.environment
            }
        }
    }

    /// Files of every kind, the same in both versions.
    private static func steady() -> CondaPackageBuilder {
        CondaPackageBuilder(
            "steady", "1.0",
            files: [
                .file("share/steady/prefix.conf", "home = \(CondaPackageBuilder.placeholder)\n").prefix(),
                .file("share/steady/data.bin", [UInt8](repeating: 7, count: 70_000)),
                .hardLink("share/steady/again.bin", to: "share/steady/data.bin"),
                .symbolicLink("share/steady/link.conf", to: "prefix.conf"),
                .file("var/seed.txt", "seed\n"),
            ])
    }
}
