import Archives
import Bundle
import TestSupport

extension FuzzTarget {
    static let bundles = [
        FuzzTarget(name: "bundle", run: readBundle, seeds: bundleSeeds, words: zipWords),
        FuzzTarget(name: "manifest", run: readManifest, seeds: manifestSeeds, words: manifestWords),
    ]

    static let manifestWords =
        [
            "airlift", "archives", "entries", "environment", "files", "generator", "install", "lock", "name",
            "overrides",
            "platform", "python", "serial", "spec", "stub", "summary", "target", "version", "crc32",
            "depends", "filename",
            "hooks", "installed", "bytes", "kind", "license", "path", "requested", "sha256", "size", "url",
            "mode", "link",
            "source", "subdir", "build", "noarch", "channel", "specs",
        ].map { "\"\($0)\":" } + [
            "null", "true", "18446744073709551615", "-1", "1e9", "\\ud800", "../", "0777",
        ]

    static func readBundle(_ bytes: [UInt8]) throws {
        let reader = try BundleReader.open(Scratch.path(bytes))
        law(reader.layout.fileSize == UInt64(bytes.count), "every byte of a bundle is accounted for")
        try reader.verify(jobs: 1)
    }

    /// A manifest that is taken describes itself, and one bundle; the reader takes that bundle.
    static func readManifest(_ bytes: [UInt8]) throws {
        let manifest = try Manifest.decode(bytes, subject: "input")
        let encoded = try manifest.encoded()
        let again = try Manifest.decode(encoded, subject: "encoded")
        law(again == manifest, "what is encoded reads as the same")
        law(try again.encoded() == encoded, "one meaning has one encoding")
        let layout = BundleLayout(
            manifest,
            manifestPart: .init(
                name: Manifest.path, size: UInt64(bytes.count), crc32: bytes.withUnsafeBytes { crc32($0) }))
        guard layout.members.allSatisfy({ $0.size < 1 << 20 }), layout.directoryOffset < 1 << 20 else {
            return
        }
        var file = [UInt8](repeating: 0, count: Int(manifest.stub.size))
        for member in layout.members {
            file += member.localHeader
            file += member.name == Manifest.path ? bytes : [UInt8](repeating: 0, count: Int(member.size))
        }
        _ = try BundleReader.open(Scratch.path(file + layout.directory))
    }

    private static func builders() -> [BundleBuilder] {
        let small = BundleBuilder {
            $0.installer = [UInt8](repeating: 0x7f, count: 100)
            $0.wheels.removeLast()
        }
        var conda = small
        conda.wheels = []
        conda.ownFiles = []
        conda.conda = [CondaPackageBuilder()]
        return [small, conda]
    }

    @Sendable static func bundleSeeds() throws -> [[UInt8]] {
        try builders().map { builder in
            let scratch = TemporaryDirectory()
            let path = try builder.write(to: scratch).path
            let file = try FileRegion(path: path)
            return try file.bytes(at: 0, count: Int(file.size))
        }
    }

    @Sendable static func manifestSeeds() throws -> [[UInt8]] {
        try builders().map { builder in
            let scratch = TemporaryDirectory()
            return try BundleReader.open(builder.write(to: scratch).path).manifestBytes
        }
    }
}
