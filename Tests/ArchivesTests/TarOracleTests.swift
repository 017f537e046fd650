import Archives
import Digests
import Files
import TestSupport
import Testing

/// What other readers' authors say of the members of an archive, in a JSON file beside it.
@Suite(.enabled("the corpus is not beside the package", { CorpusCatalogue.isHere }))
struct TarOracleTests {
    struct Oracle: Decodable {
        struct Member: Decodable, Hashable {
            var member: String
            var type: String?
            var size: UInt64?
            var sha256: String?
            var linkname: String?
        }

        var expected: [Member]?
        /// A reader that shows one of these was misled.
        var vulnerableWhen: [Member]?
        /// A reader that shows members, and not these, was misled.
        var vulnerableWhenNot: [Member]?

        enum CodingKeys: String, CodingKey {
            case expected
            case vulnerableWhen = "vulnerable_when"
            case vulnerableWhenNot = "vulnerable_when_not"
        }
    }

    /// Every name of it is a reader's mistake to its authors; we read the extended header, as POSIX says.
    static let departure = "pax_path_nonzero_fixed.json"

    private func members(_ path: String) throws -> [Oracle.Member]? {
        var members: [Oracle.Member] = []
        do {
            _ = try TarReader.read(OpenFile.read(path)) { entry, content in
                switch entry.kind {
                case .directory: members.append(.init(member: "\(entry.path)/", type: "directory"))
                case .hardLink: members.append(.init(member: "\(entry.path)", type: "hardlink"))
                case .symbolicLink(let target):
                    members.append(.init(member: "\(entry.path)", type: "symlink", linkname: target))
                case .file:
                    members.append(
                        .init(
                            member: "\(entry.path)", type: "file", size: entry.size,
                            sha256: SHA256.hash(try content.bytes()).hex))
                }
            }
            return members
        } catch is TarError { return nil }
    }

    @Test func `what is read has the members that it should have, and none that mislead`() throws {
        let rows = try CorpusCatalogue.rows().filter { $0.format == "json" && $0.expected == "oracle" }
        #expect(rows.count == 45)
        var read = 0
        for row in rows where !row.name.hasSuffix(Self.departure) {
            guard let members = try members(row.path.dropLast(4) + "tar") else {
                #expect(!row.name.contains("/accept/"), "\(row.name) was refused")
                continue
            }
            read += 1
            let oracle = try CanonicalJSON.decode(Oracle.self, from: row.bytes)
            if let expected = oracle.expected { #expect(members == expected, "\(row.name)") }
            let names = Set(members.map(\.member))
            #expect(names.isDisjoint(with: (oracle.vulnerableWhen ?? []).map(\.member)), "\(row.name)")
            #expect(names.isSuperset(of: (oracle.vulnerableWhenNot ?? []).map(\.member)), "\(row.name)")
        }
        #expect(read >= 4)
    }
}
