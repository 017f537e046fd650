import ELF
import Files
import Glibc

/// Changes copies of ELF files so that they find their libraries relative to themselves.
struct Relocation {
    let patchelf: String
    /// Holds the changed copies.
    let directory: String
    let environment: [String: String]
    private var count = 0

    init(patchelf: String, directory: String, environment: [String: String]) {
        self.patchelf = patchelf
        self.directory = directory
        // patchelf writes pages of its own choosing unless told; nothing else of the environment matters to it.
        self.environment = environment.filter { $0.key == "PATH" }
    }

    /// The path from the directory of `path` to `directory`, both in the archive, as RUNPATH says it.
    static func runpath(from path: RelativePath, to directory: String) -> String {
        let from = path.components.dropLast().map(String.init)
        let to = directory.split(separator: "/").map(String.init)
        var shared = 0
        while shared < min(from.count, to.count), from[shared] == to[shared] { shared += 1 }
        let steps = [String](repeating: "..", count: from.count - shared) + to[shared...]
        return (["$ORIGIN"] + steps).joined(separator: "/")
    }

    /// The path of a copy with this RUNPATH, or of the original where nothing is to be changed.
    /// - Parameter runpath: nil for none at all: what lies in a path of this machine must not be found.
    mutating func relocate(_ source: String, _ file: ELFFile, runpath: String?) throws -> String {
        let wanted = runpath.map { [$0] } ?? []
        if file.runpath == wanted && file.rpath.isEmpty { return source }
        let copy = "\(directory)/\(count)"
        count += 1
        try copyFile(source, to: copy)
        let arguments = runpath.map { ["--set-rpath", $0, copy] } ?? ["--remove-rpath", copy]
        let result = try ChildProcess.run(patchelf, arguments, environment: environment)
        guard result.exitCode == 0 else {
            throw ChildProcess.Failed(
                description:
                    "'\(patchelf)' ended with \(result.exitCode) for '\(source)' and \(result.complaint)")
        }
        let changed = try LibraryFinder.parse(copy)
        guard changed.runpath == wanted, changed.rpath.isEmpty, changed.needed == file.needed else {
            throw ChildProcess.Failed(
                description: "'\(patchelf)' should have given '\(source)' the RUNPATH '\(runpath ?? "")'"
                    + " and it has '\(changed.runpath.joined(separator: ":"))'")
        }
        return copy
    }

    private func copyFile(_ source: String, to copy: String) throws {
        let from = try OpenFile.read(source)
        let to = try OpenFile.create(copy, permissions: 0o600)
        var offset: UInt64 = 0
        while true {
            let bytes = try from.bytes(at: offset, count: 1 << 20)
            if bytes.isEmpty { break }
            try to.write(bytes)
            offset += UInt64(bytes.count)
        }
        try to.close()
    }
}
