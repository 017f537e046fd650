import Conda
import Digests
import Failures
import Lock

@testable import Resolve

/// A conda channel in a few words: `name version build`, with `@subdir` behind it where that is not linux-64, and
/// what the package depends on.
struct ToyChannel {
    private(set) var records: [String: [PackageRecord]] = [:]

    init(_ packages: KeyValuePairs<String, [String]> = [:]) {
        for (words, depends) in packages { add(words, depends: depends) }
    }

    mutating func add(
        _ words: String, depends: [String] = [], constrains: [String] = [], suffix: String = ".conda",
        change: (inout PackageRecord) -> Void = { _ in }
    ) {
        var record = toyRecord(words, depends: depends, constrains: constrains, suffix: suffix)
        change(&record)
        records[record.name, default: []].append(record)
    }
}

/// `name version build@subdir`; what lies in noarch and has a build with `py` is Python.
func toyRecord(
    _ words: String, depends: [String] = [], constrains: [String] = [], suffix: String = ".conda"
) -> PackageRecord {
    let parts = words.split(separator: "@")
    let names = parts[0].split(separator: " ").map(String.init)
    let subdir = parts.count > 1 ? String(parts[1]) : "linux-64"
    let file = "\(names[0])-\(names[1])-\(names[2])\(suffix)"
    var record = PackageRecord(
        name: names[0], version: names[1], build: names[2],
        buildNumber: Int(names[2].split(separator: "_").last ?? "") ?? 0, subdir: subdir, filename: file)
    record.depends = depends
    record.constrains = constrains
    record.sha256 = SHA256.hash(file)
    record.md5 = String(repeating: "AB", count: 16)
    record.size = 100
    record.channel = "https://mirror.example/forge"
    record.url = "https://mirror.example/forge/\(subdir)/\(file)"
    if subdir == "noarch" { record.noarch = names[2].hasPrefix("py") ? .python : .generic }
    return record
}

/// `[conda] dependencies`, each string on its own line.
func requests(_ dependencies: [String]) throws -> [CondaRequest] {
    try dependencies.enumerated().map {
        try CondaRequest($0.element, place: Place(file: "bundle.toml", line: $0.offset + 1))
    }
}

func condaTarget(
    _ platform: String = "linux-64", python: String? = nil, glibc: String = "2.28",
    overrides: [String: String] = [:]
) -> CondaTarget {
    CondaTarget(
        platform: platform, glibc: GlibcVersion(glibc) ?? EnvironmentSpec.defaultGlibc, python: python,
        overrides: overrides)
}

/// Chooses exact pins out of a channel.
func pin(_ dependencies: [String], from channel: ToyChannel, on target: CondaTarget = condaTarget()) throws
    -> CondaSelection
{
    try CondaSelection(requests(dependencies), from: channel.records, on: target)
}
