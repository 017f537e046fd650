import Conda
import Files
import Glibc
import TestSupport

/// What py-rattler and conda answer, by `Benchmarks/oracles/match_specs.py`.
struct MatchSpecOracle {
    /// What one library makes of a spec: the numbers of the records that match; nil where it refuses the text.
    typealias Answer = [Int]?

    struct Row {
        let spec: String
        let rattler: Answer
        let conda: Answer
        /// The canonical text of each; empty where there is none.
        let rattlerText: String
        let condaText: String

        init(_ fields: [String]) {
            spec = fields[0]
            rattler = MatchSpecOracle.answer(fields[1])
            conda = MatchSpecOracle.answer(fields[2])
            rattlerText = fields[3]
            condaText = fields[4]
        }
    }

    static let python = getenv("AIRLIFT_ORACLE_PYTHON").map { String(cString: $0) }

    private static let package = #filePath.split(separator: "/").dropLast(3).map { "/\($0)" }.joined()

    private let directory = TemporaryDirectory()
    private(set) var records: [PackageRecord] = []
    private var versions: [CondaVersion?] = []
    private var numbersByName: [String: [Int]] = [:]

    /// Runs the script, which is slow: all questions go together.
    mutating func ask(specs: [String], versions: [String], records: [PackageRecord], repodata: String?) throws
        -> [Row]
    {
        let lines =
            specs.map { "spec\t\($0)" } + versions.map { "version\t\($0)" }
            + records.map { "record\t\($0.name)\t\($0.version)\t\($0.build)\t\($0.buildNumber)" }
        _ = try directory.write("asked.txt", lines.joined(separator: "\n") + "\n")
        try run(["ask", directory.path] + (repodata.map { [$0] } ?? []))
        for line in try rows("records.txt") {
            let record = PackageRecord(
                name: line[0], version: line[1], build: line[2], buildNumber: Int(line[3]) ?? -1,
                subdir: "linux-64", filename: "")
            numbersByName[record.name.lowercased(), default: []].append(self.records.count)
            self.records.append(record)
            self.versions.append(try? CondaVersion(record.version))
        }
        return try rows("specs.txt").map(Row.init)
    }

    /// Versions with their ranks; nil where a library refuses one.
    func ranks() throws -> [(version: String, rattler: Int?, conda: Int?)] {
        try rows("versions.txt").map { ($0[0], Int($0[1]), Int($0[2])) }
    }

    /// What both make of our texts of specs.
    func reread(_ descriptions: [String]) throws -> [Row] {
        _ = try directory.write("descriptions.txt", descriptions.joined(separator: "\n") + "\n")
        try run(["reread", directory.path])
        return try rows("reread.txt").map(Row.init)
    }

    func answer(_ text: String) -> Answer {
        guard let spec = try? MatchSpec(text) else { return nil }
        return answer(spec)
    }

    func answer(_ spec: MatchSpec) -> [Int] {
        guard let name = spec.exactName else { return [] }
        return (numbersByName[name] ?? []).filter { number in
            versions[number].map { spec.matches(records[number], version: $0) }
                ?? spec.matches(records[number])
        }
    }

    private func run(_ arguments: [String]) throws {
        let words = [Self.python ?? "", "\(Self.package)/Benchmarks/oracles/match_specs.py"] + arguments
        let command = words.map { "'\($0)'" }.joined(separator: " ")
        guard system(command) == 0 else { throw ScriptFailed(command: command) }
    }

    struct ScriptFailed: Error { let command: String }

    private func rows(_ name: String) throws -> [[String]] {
        try directory.directory().contents(of: RelativePath(name)).split(separator: UInt8(ascii: "\n")).map {
            $0.split(separator: UInt8(ascii: "\t"), omittingEmptySubsequences: false).map {
                String(decoding: $0, as: UTF8.self)
            }
        }
    }

    fileprivate static func answer(_ text: String) -> Answer {
        text == "-" ? nil : text.split(separator: ",").compactMap { Int($0) }
    }
}
