import Digests
import Failures
import Lock
import Wheels

@testable import Resolve

/// An index in a few words: file names, each with what the index says about it.
struct ToyIndex {
    private(set) var files: [ProjectName: [IndexFile]] = [:]

    mutating func add(
        _ filename: String, python: String? = nil, yanked: String? = nil, hashed: Bool = true
    ) {
        let name = filename.split(separator: "-")[0]
        guard let project = try? ProjectName(name) else { return }
        guard
            let file = toyFile(
                filename, url: "https://wheels.example/\(filename)",
                sha256: hashed ? SHA256.hash(filename) : nil, size: 100, python: python, yanked: yanked)
        else { return }
        files[project, default: []].append(file)
    }

    init(_ filenames: [String] = []) {
        for filename in filenames { add(filename) }
    }
}

func target(
    _ platform: String = "linux-64", python: String = "3.11.2", abi: String? = nil, glibc: String = "2.28"
) throws -> Target {
    let parts = python.split(separator: ".")
    return try Target(
        TargetDescription(
            platform: platform, python: python, abi: abi ?? "cp\(parts[0])\(parts[1])",
            glibc: GlibcVersion(glibc) ?? EnvironmentSpec.defaultGlibc))
}

/// Inputs as a spec would give them, each string on its own line.
func inputs(_ requirements: [String], files: [String: String] = [:]) throws -> LockInputs {
    var spec = EnvironmentSpec(name: "toy", platforms: ["linux-64"], interpreter: .host(minor: "3.11"))
    spec.requirements = requirements.enumerated().map { Located($0.element, line: $0.offset + 1) }
    return try LockInputs.gather(spec, specFile: "bundle.toml") { Array((files[$0] ?? "").utf8) }
}

/// Chooses for pins out of an index, all in one.
func choose(_ requirements: [String], from index: ToyIndex, on other: Target? = nil) throws -> Selection {
    try Wanted(inputs(requirements), on: other ?? target()).choose(from: index.files)
}

/// The sentences of a failure, one a line.
func problems<T>(_ body: () throws -> T) -> String {
    do {
        _ = try body()
        return "none"
    } catch { return "\(error)" }
}
