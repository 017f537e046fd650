import Bundle
import Digests
import Files
import TestSupport
import Testing

/// What the installer says is linked into it, held against where that is from.
@Suite struct InstallerComponentsTests {
    private struct Line {
        let name: String
        let version: String
        let license: String
    }

    private func lines() throws -> [Line] {
        let ran = try run([try Product.installer, "--airlift-components"])
        guard ran.code == 0 else { throw Unexpected(ran) }
        let lines = ran.output.split(separator: "\n").map(String.init)
        #expect(lines.first == "airlift-components 1" && lines.last == "airlift-components end")
        return lines.dropFirst().dropLast().map { line in
            let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
            let name = fields[0].split(separator: "/").last.map(String.init) ?? ""
            return Line(
                name: name, version: fields.count > 1 ? fields[1] : "", license: fields.last ?? "")
        }
    }

    /// By the beginnings of the names of static libraries, the longest first.
    private static let owners: [(prefix: String, component: String)] = [
        ("libFoundation", "swift-foundation"), ("lib_Foundation", "swift-foundation"),
        ("libdispatch", "swift-corelibs-libdispatch"), ("libBlocksRuntime", "swift-corelibs-libdispatch"),
        ("libswift", "swift"), ("libstdc++", "gcc-runtime"), ("libgcc", "gcc-runtime"),
        ("libarchive", "libarchive"), ("libbz2", "bzip2"), ("libdeflate", "libdeflate"),
        ("libhogweed", "nettle"), ("libnettle", "nettle"), ("libgmp", "gmp"), ("liblzma", "xz"),
        ("libzstd", "zstd"), ("libz", "zlib"), ("libpthread", "glibc"), ("libm", "glibc"), ("libc", "glibc"),
    ]

    /// `libz.a` of each line of the linker's map that names a member of a static library.
    private static func staticLibraries(_ map: String) -> Set<String> {
        var found: Set<String> = []
        for line in map.split(separator: "\n") {
            guard let mark = line.firstRange(of: ".a(") else { continue }
            let path = line[..<mark.lowerBound]
            if let name = path.split(separator: "/").last { found.insert(name + ".a") }
        }
        return found
    }

    /// `Bundle` of each `…/release/Bundle.build/Manifest.swift.o`.
    private static func modules(_ map: String) -> Set<String> {
        Set(
            map.split(separator: "\n").compactMap { line -> String? in
                guard let start = line.firstRange(of: "/release/"),
                    let end = line[start.upperBound...].firstRange(of: ".build/")
                else { return nil }
                return String(line[start.upperBound..<end.lowerBound])
            })
    }

    /// Neither is something linked that is not listed, nor listed what is not linked.
    @Test func theListIsWhatTheLinkerTook() throws {
        let map = String(
            decoding: try Tree.bytes(Product.root + "/.build/product/airlift-installer.map"), as: UTF8.self)
        let libraries = Self.staticLibraries(map)
        #expect(libraries.count > 12, "\(libraries)")
        let listed = Set(try lines().map(\.name))
        var present: Set<String> = []
        for library in libraries.sorted() {
            let owner = Self.owners.first { library.hasPrefix($0.prefix) }?.component
            #expect(owner.map(listed.contains) == true, "\(library)")
            if let owner { present.insert(owner) }
        }
        // Packages of Swift are linked as objects.
        let own = Set(try Directory.open(Product.root + "/Sources").names())
        #expect(
            Self.modules(map).subtracting(own) == ["ArgumentParser", "ArgumentParserToolInfo"],
            "\(Self.modules(map).subtracting(own))")
        #expect(
            listed.subtracting(present) == ["airlift-installer", "swift-argument-parser"],
            "\(listed.subtracting(present))")
    }

    @Test func whatIsWrittenOutIsTrue() throws {
        let versions = Dictionary(uniqueKeysWithValues: try lines().map { ($0.name, $0.version) })
        #expect(versions["airlift-installer"] == Generator.version)
        struct Resolved: Decodable {
            struct Pin: Decodable {
                struct State: Decodable { let version: String }
                let identity: String
                let state: State
            }
            let pins: [Pin]
        }
        let resolved = try CanonicalJSON.decode(
            Resolved.self, from: Tree.bytes(Product.root + "/Package.resolved"))
        let parser = resolved.pins.first { $0.identity == "swift-argument-parser" }
        #expect(parser != nil && versions["swift-argument-parser"] == parser?.state.version)
        let header = String(decoding: try Tree.bytes("/usr/include/bzlib.h"), as: UTF8.self)
        #expect(header.contains("version \(versions["bzip2"] ?? "?") "))
        for (name, version) in versions where version != "@gcc" {
            #expect(version.first?.isNumber == true, "\(name) '\(version)'")
        }
    }

    @Test func everyPartHasALicence() throws {
        for line in try lines().dropFirst() { #expect(!line.license.isEmpty, "\(line.name)") }
    }
}
