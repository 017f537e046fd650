import Conda
import Failures
import Lock

/// What conda packages are chosen for.
public struct CondaTarget: Sendable {
    /// Conda's name of it.
    public let platform: String
    public let glibc: GlibcVersion
    public let virtualPackages: VirtualPackages
    /// What the version of the package `python` must satisfy (the version part of a match spec); nil where Python
    /// is not of the conda packages.
    public let python: String?

    /// - Parameter overrides: see ``VirtualPackages/init(platform:glibc:overrides:)``.
    public init(
        platform: String, glibc: GlibcVersion, python: String?, overrides: [String: String] = [:]
    ) {
        self.platform = platform
        self.glibc = glibc
        self.python = python
        virtualPackages = VirtualPackages(platform: platform, glibc: glibc, overrides: overrides)
    }

    /// Whether a package `python` is what `[python] conda` asks for. A constraint or version that cannot be read
    /// admits nothing.
    func admits(python record: PackageRecord) -> Bool {
        guard let python else { return false }
        guard let constraint = try? VersionSpec(python), let version = try? CondaVersion(record.version)
        else {
            return false
        }
        return constraint.matches(version)
    }

    public init(_ spec: EnvironmentSpec, platform: String, overrides: [String: String] = [:]) {
        var python: String?
        if case .conda(let constraint) = spec.interpreter { python = constraint }
        self.init(platform: platform, glibc: spec.glibc, python: python, overrides: overrides)
    }
}

/// The conda packages of a target: exactly those that are named, found complete and without contradiction.
public struct CondaSelection: Sendable {
    public struct Package: Sendable {
        public let record: PackageRecord
        /// The match spec that asked for it by name; nil where it is there because others need it.
        public let spec: String?
        /// Where it is named.
        public let place: Place?

        public var isRequested: Bool { spec != nil }
    }

    public let target: CondaTarget
    /// In the order of installing, see ``CondaOrder``.
    public let packages: [Package]
    /// nil where Python is not of the conda packages.
    public let python: CondaPython?

    public var records: [PackageRecord] { packages.map(\.record) }

    /// Chooses the record of each exact pin, takes what a foreign lock names beside them, and checks that every
    /// `depends` is met and every `constrains` holds.
    ///
    /// Of one distribution in both formats `.conda` is taken.
    /// - Parameters:
    ///   - candidates: what the channels have, by name, after strict channel priority; more than what is pinned
    ///     makes better suggestions.
    ///   - locked: what `[lock] from` names.
    /// - Throws: all problems at once, each with what to write.
    public init(
        _ requests: [CondaRequest], from candidates: [String: [PackageRecord]] = [:],
        locked: [LockedRecord] = [], on target: CondaTarget
    ) throws(FailureList) {
        var chooser = CondaChooser(candidates: candidates, target: target)
        for record in locked { chooser.take(record) }
        for request in requests { chooser.choose(request) }
        var closure = CondaClosure(chooser.chosen, candidates: chooser.candidates, on: target)
        closure.check(isForeign: requests.isEmpty)
        let python = closure.python()
        let problems = chooser.problems + closure.problems
        if !problems.isEmpty { throw FailureList(problems) }
        self.target = target
        self.python = python
        let byName = chooser.chosen
        packages = CondaOrder.dependencyOrder(of: byName.values.map(\.record)).compactMap { record in
            byName[record.name].map { chosen in
                Package(
                    record: record,
                    spec: chosen.spec
                        ?? (chosen.isRequested ?? !closure.needed.contains(record.name) ? record.name : nil),
                    place: chosen.place)
            }
        }
    }
}
