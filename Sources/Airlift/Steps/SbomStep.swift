import Archives
import Audit
import Bundle
import Console
import Digests
import Files
import Interpreters

/// Anything with packages in it → its bill of materials.
struct SbomStep {
    let input: AuditInput
    /// Which one of a lock with several.
    let platform: String?

    enum Format: String, CaseIterable {
        case cyclonedx, spdx

        var path: String {
            switch self {
            case .cyclonedx: BillOfMaterials.cycloneDXPath
            case .spdx: BillOfMaterials.spdxPath
            }
        }
    }

    /// The document that a bundle holds, compared with its manifest; one made here where there is none.
    func document(_ format: Format) throws -> [UInt8] {
        if let bundle = input.bundle, bundle.manifest.entry(format.path) != nil {
            try checkPlatform(bundle.manifest.platform)
            return try bundle.contents(of: format.path)
        }
        let bill = try bill()
        switch format {
        case .cyclonedx: return bill.cycloneDX
        case .spdx: return bill.spdx
        }
    }

    private func bill() throws -> BillOfMaterials {
        switch input.subject {
        case .manifest(let manifest, _):
            try checkPlatform(manifest.platform)
            return BillOfMaterials(
                manifest, installer: try installer(manifest), interpreter: try interpreter(manifest),
                phase: input.prefix == nil ? .bundle : .installed)
        case .lock(let lock, _):
            // Says which platforms there are, where none or a wrong one is named.
            _ = try input.subject.packageSet(platform: platform)
            guard let found = platform.map({ lock[platform: $0] }) ?? lock.platforms.first else {
                throw CommandError(.usage, "'\(input.path)' has no platform")
            }
            return BillOfMaterials(found, name: name, generator: Generator.current)
        }
    }

    private func checkPlatform(_ present: String) throws {
        guard platform == nil || platform == present else {
            throw CommandError(
                .usage, "'\(input.path)' is for \(present) and not for '\(platform ?? "")'")
        }
    }

    /// Of a bundle its bytes; of anything else what the manifest says.
    private func installer(_ manifest: Manifest) throws -> BillOfMaterials.Installer? {
        guard let entry = manifest.entry(manifest.installerPath) else { return nil }
        let bytes = try input.bundle?.contents(of: entry.path, limit: 1 << 30)
        return .init(sha256: entry.sha256, bytes: bytes)
    }

    /// The first member of the interpreter's archive, where that is at hand.
    private func interpreter(_ manifest: Manifest) throws -> BillOfMaterials.InterpreterParts? {
        guard let bundle = input.bundle,
            let archive = manifest.archives.first(where: { $0.kind == .python })
        else { return nil }
        let region = try bundle.region(of: archive.path)
        var hasher = SHA256()
        try region.forEachPiece { hasher.update($0) }
        try bundle.check(hasher.finalize(), against: archive.sha256, archive.path)
        return .init(
            try InterpreterArchive.description(region.file.file, at: region.offset, length: region.size))
    }

    /// Of a lock: the directory that it lies in.
    private var name: String {
        let parts = input.path.split(separator: "/").filter { $0 != "." && $0 != ".." }
        let directories = parts.last == Project.lockName[...] ? parts.dropLast() : parts[...]
        return directories.last.map(String.init) ?? "environment"
    }
}

extension BillOfMaterials.InterpreterParts {
    /// Paths as they lie in the prefix.
    init(_ description: InterpreterDescription) {
        self.init(
            libraries: description.libraries.map {
                .init(name: $0.name, path: "base/\($0.path)", package: $0.package)
            }, distribution: description.distribution)
    }
}
