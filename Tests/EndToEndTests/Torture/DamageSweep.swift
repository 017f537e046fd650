import Archives
import Files
import Glibc
import TestSupport

/// A bundle on its way into a root that holds an earlier release, with something wrong in it.
final class DamageSweep {
    private let scratch = TortureForm.scratch()
    let bundle: String
    let root: String
    let whole: [UInt8]
    /// Where parts of the file begin and end: the stub, each member's header, its contents, the directory.
    let boundaries: [Int]
    /// Of the manifest's bytes, and of the central directory with what follows it.
    let manifest: Range<Int>
    let directory: Range<Int>
    let stub: Range<Int>
    private let file: Int32

    init() throws {
        root = scratch.path + "/r"
        let before = try TortureBundles.write(scratch, "first", version: TortureBundles.first, shouter: "2.0")
        bundle = try TortureBundles.write(scratch, "second", version: TortureBundles.second, shouter: "2.1")
        let ran = try run([Product.installer, "install", before, "-b", "-q", "--root", root])
        guard ran.code == 0 else { throw Unexpected(ran) }
        whole = try Tree.bytes(bundle)
        let zip = try ZipDirectory.read(from: FileRegion(path: bundle), allowingPrefix: true)
        let bytes = whole
        let contents = zip.entries.map { entry -> Range<Int> in
            let header = Int(entry.offset)
            func number(_ place: Int) -> Int {
                Int(bytes[header + place]) | Int(bytes[header + place + 1]) << 8
            }
            let start = header + 30 + number(26) + number(28)
            return start..<start + Int(entry.compressedSize)
        }
        guard let first = zip.entries.first, let text = contents.first else { throw Unexpected("no entries") }
        stub = 0..<Int(first.offset)
        manifest = text
        directory = Int(zip.offset)..<whole.count
        let places = zip.entries.map { Int($0.offset) } + contents.flatMap { [$0.lowerBound, $0.upperBound] }
        boundaries = Set(places + [0, directory.lowerBound]).sorted()
        file = open(bundle, O_RDWR | O_CLOEXEC)
        guard file >= 0 else { throw Unexpected("cannot open the bundle: errno \(errno)") }
    }

    deinit { close(file) }

    private var current: String {
        get throws { try Directory.open(root).symbolicLinkTarget(RelativePath("current")) }
    }

    /// Installs it.
    /// - Returns: what is wrong with that; nil where the bundle was refused and nothing is different.
    func refusalFault() throws -> String? {
        let ran = try run([
            Product.installer, "install", bundle, "-b", "-q", "-j", "1", "--no-sync", "--root", root,
        ])
        return try fault(ran.code == 0 ? nil : "exit code \(ran.code)")
    }

    private func fault(_ refusal: String?) throws -> String? {
        let now = try current
        let names = try Tree.names(root + "/releases")
        if now == "releases/\(TortureBundles.first)", names == [TortureBundles.first], let refusal {
            return refusal == "exit code 3" ? nil : "refused with \(refusal)"
        }
        if now != "releases/\(TortureBundles.first)" {
            let back = try run([
                Product.installer, "rollback", "-q", "--root", root, TortureBundles.first,
            ])
            guard back.code == 0 else { throw Unexpected(back) }
        }
        if names.contains(TortureBundles.second) {
            let removed = try run([
                Product.installer, "remove", "-q", "--root", root, TortureBundles.second,
            ])
            guard removed.code == 0 else { throw Unexpected(removed) }
        }
        return refusal.map { "refused with \($0) and left \(now), \(names)" } ?? "not refused"
    }

    /// With one bit turned round.
    func flipped(_ bit: Int, _ body: () throws -> String?) throws -> String? {
        let place = bit / 8
        let byte = whole[place] ^ (1 << UInt8(bit % 8))
        guard put([byte], at: place) else { throw Unexpected("cannot write: errno \(errno)") }
        defer { _ = put([whole[place]], at: place) }
        return try body().map { "bit \(bit % 8) of byte \(place): \($0)" }
    }

    /// With only its first bytes.
    func cut(to size: Int, _ body: () throws -> String?) throws -> String? {
        guard ftruncate(file, off_t(size)) == 0 else { throw Unexpected("cannot cut: errno \(errno)") }
        defer { _ = put(Array(whole[size...]), at: size) }
        return try body().map { "cut to \(size) bytes: \($0)" }
    }

    private func put(_ bytes: [UInt8], at place: Int) -> Bool {
        pwrite(file, bytes, bytes.count, off_t(place)) == bytes.count
    }
}
