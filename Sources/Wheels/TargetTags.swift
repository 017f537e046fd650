/// The tags of the wheels that a target takes, the most wanted first: what `packaging.tags.sys_tags` would
/// say there (PEP 425, 600, 656).
public struct TargetTags: Sendable {
    /// The system library that platform tags are measured against.
    public enum Baseline: Hashable, Sendable {
        case glibc(Int, Int)
        case musl(Int, Int)
        case macOS(Int, Int)
        case windows
    }

    /// The most wanted first, each once.
    public let tags: [WheelTag]
    private let ranks: [WheelTag: Int]

    public init(_ tags: [WheelTag]) {
        var ranks: [WheelTag: Int] = [:]
        self.tags = tags.filter { tag in
            guard ranks[tag] == nil else { return false }
            ranks[tag] = ranks.count
            return true
        }
        self.ranks = ranks
    }

    /// The tags of CPython of that minor version.
    /// - Parameter freeThreaded: whether it is built without the global lock (`cp313t`); such a build takes no
    ///   `abi3` wheels.
    /// - Throws: when the version is none of CPython 3, or the baseline is of another system.
    public init(
        cpython version: PythonVersion, freeThreaded: Bool = false, platform: TargetPlatform,
        baseline: Baseline
    ) throws(WheelError) {
        let minor = version.minor
        guard version.epoch == 0, version.major == 3, (2...99).contains(minor) else {
            throw WheelError(.version, version.description, "wheels are chosen for CPython 3.2 and above")
        }
        let platforms = try Self.platforms(platform, baseline)
        var tags: [WheelTag] = []
        func add(_ interpreter: String, _ abi: String) {
            for platform in platforms {
                tags.append(WheelTag(interpreter: interpreter, abi: abi, platform: platform))
            }
        }
        let interpreter = "cp3\(minor)"
        let stable = freeThreaded ? "abi3t" : "abi3"
        add(interpreter, freeThreaded ? interpreter + "t" : interpreter)
        add(interpreter, stable)
        add(interpreter, "none")
        for older in stride(from: minor - 1, to: 1, by: -1) { add("cp3\(older)", stable) }

        let pythons = ["py3\(minor)", "py3"] + stride(from: minor - 1, through: 0, by: -1).map { "py3\($0)" }
        for python in pythons { add(python, "none") }
        for python in [interpreter] + pythons {
            tags.append(WheelTag(interpreter: python, abi: "none", platform: "any"))
        }
        self.init(tags)
    }

    /// 0 for a wheel with the most wanted tag, higher for less wanted ones; nil where the target does not
    /// take it. Of two wheels with one rank, the higher build number is preferred.
    public func preference(of wheel: WheelFilename) -> Int? {
        wheel.tags.lazy.compactMap { ranks[$0] }.min()
    }

    /// The wheel that pip would take among files of one version; nil where none fits.
    public func best(among wheels: some Sequence<WheelFilename>) -> WheelFilename? {
        var best: (rank: Int, wheel: WheelFilename)?
        for wheel in wheels {
            guard let rank = preference(of: wheel) else { continue }
            if let held = best, held.rank < rank { continue }
            if let held = best, held.rank == rank, !held.wheel.isRebuilt(by: wheel) { continue }
            best = (rank, wheel)
        }
        return best?.wheel
    }
}
