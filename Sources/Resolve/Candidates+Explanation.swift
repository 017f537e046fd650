import Lock
import Wheels

extension Candidates {
    /// The rest of a sentence: why no wheel fits, what there is, and what to do.
    var explanation: String {
        if isEmpty { return "the index has no file of it; check the name, or name another index" }
        if wheels.isEmpty { return missingVersion }
        let refused = Dictionary(grouping: wheels) { refusal(of: $0) }
        var reasons: [String] = []
        if let others = refused[.digest] {
            reasons.append(
                "\(Self.count(others)) would fit, and the digests that the pin allows are not theirs: check the "
                    + "--hash, or add \(others.compactMap { $0.file.sha256 }.prefix(2).map { "--hash=sha256:\($0)" }.joined(separator: " "))"
            )
        }
        if let others = refused[.python] {
            let needed = Set(others.compactMap { $0.file.requiresPython?.description }).sorted()
            reasons.append(
                "\(Self.count(others)) would fit, and needs Python \(needed.joined(separator: " or ")), while the "
                    + "interpreter is \(target.description.python)")
        }
        if !reasons.isEmpty { return reasons.joined(separator: "; ") }
        let names = wheels.map(\.filename)
        return "there is no wheel of it for \(target.words); there are wheels for \(Self.tags(names))"
            + hint(for: names)
    }

    private var missingVersion: String {
        if hasSource {
            return
                "the index has only its source distribution, and Airlift builds nothing; pin a version with "
                + "wheels\(near), or build a wheel and name its path"
        }
        let local = versions.filter { $0.local != nil && $0.publicVersion == project.version }.sorted()
        if let variant = local.last {
            return "the index has it as \(local.map { "\($0)" }.joined(separator: ", ")) only: pin \(variant)"
        }
        return "the index has no such version\(near)"
    }

    /// Up to two versions on either side, and the newest.
    private var near: String {
        let sorted = versions.filter { $0 != project.version }.sorted()
        guard let newest = sorted.last else { return "" }
        let below = sorted.filter { $0 < project.version }.suffix(2)
        let above = sorted.filter { $0 > project.version }.prefix(2)
        let near = (below + above).map { "\($0)" }.joined(separator: ", ")
        let tail = above.isEmpty || above.contains(newest) ? "" : ", the newest is \(newest)"
        return " (near it are \(near)\(tail))"
    }

    private static func count(_ wheels: [Wheel]) -> String {
        wheels.count == 1 ? "'\(wheels[0].filename)'" : "\(wheels.count) wheels"
    }

    /// The tags of several wheels, grouped: interpreters, then platforms, shortened where there are many.
    static func tags(_ wheels: [WheelFilename]) -> String {
        let tags = wheels.flatMap(\.tags)
        let interpreters = Set(
            tags.map {
                $0.abi == "none" ? $0.interpreter : $0.abi == "abi3" ? "\($0.interpreter)-abi3" : $0.abi
            })
        let platforms = Set(tags.map(\.platform))
        return "\(short(interpreters)) on \(short(platforms))"
    }

    private static func short(_ names: Set<String>) -> String {
        let sorted = names.sorted { ($0.utf8.count, $0) < ($1.utf8.count, $1) }
        let shown = sorted.prefix(8).joined(separator: ", ")
        return sorted.count > 8 ? "\(shown) and \(sorted.count - 8) more" : shown
    }

    /// What would have to change for one of the wheels to fit.
    func hint(for wheels: [WheelFilename]) -> String {
        func fits(_ tags: TargetTags?) -> Bool {
            guard let tags else { return false }
            return wheels.contains { tags.preference(of: $0) != nil }
        }
        let glibc = target.description.glibc
        if target.description.platform.hasPrefix("linux"), glibc.minor < 60 {
            for minor in glibc.minor + 1...60 {
                let newer = GlibcVersion(major: glibc.major, minor: minor)
                if fits(target.tags(glibc: newer)) {
                    return "; a wheel for glibc \(newer) exists: raise [target] glibc, if the hosts have it"
                }
            }
        }
        let others = (7...20).filter { $0 != target.python.minor && fits(target.tags(pythonMinor: $0)) }
        guard !others.isEmpty else { return "; none of them is for this platform" }
        return "; with Python \(others.map { "3.\($0)" }.joined(separator: ", ")) one would fit"
    }
}
