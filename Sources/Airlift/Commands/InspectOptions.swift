import ArgumentParser
import Audit

/// What to ask of a subject, beside the whole.
struct InspectQuestion: ParsableArguments {
    @Flag(help: "The dependency tree. What comes again is marked (*).")
    var tree = false

    @Option(help: ArgumentHelp("How many levels below the roots of the tree are shown.", valueName: "levels"))
    var depth: Int?

    @Flag(help: "Turn the tree around: below each package stands what needs it.")
    var invert = false

    @Option(
        help: ArgumentHelp(
            "Why that package is there: every shortest way to it from what was asked for.", valueName: "name")
    )
    var why: String?

    @Option(help: ArgumentHelp("The files of that package: mode, size, SHA-256, path.", valueName: "name"))
    var files: String?

    func validate() throws {
        guard [tree, why != nil, files != nil].count(where: { $0 }) <= 1 else {
            throw ValidationError("--tree, --why and --files are three questions; ask one at a time")
        }
        if !tree, invert || depth != nil { throw ValidationError("--depth and --invert go with --tree") }
        if let depth, depth < 0 { throw ValidationError("--depth takes a number from 0 on") }
    }
}

/// Which archives are shown, and in which order.
struct PackageOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Only archives of this kind: conda, wheel or python; may be repeated."))
    var kind: [PackageSet.Kind] = []

    @Flag(help: "Only what was asked for.")
    var requested = false

    @Option(
        help: ArgumentHelp(
            "Only licences with this text in them, in any case; 'none': where none is known.",
            valueName: "text"))
    var license: String?

    @Option(help: ArgumentHelp("Only names that match; * and ? stand for any characters.", valueName: "glob"))
    var name: String?

    @Flag(help: "Only archives of which something runs without being called.")
    var hooks = false

    @Option(help: "By kind, name, size, installed or license.")
    var sort: PackageOrder = .kind

    @Flag(help: "With the size on disk, the SHA-256 and the address of each archive.")
    var long = false

    var filter: PackageFilter {
        PackageFilter(kinds: Set(kind), requested: requested, hooked: hooks, license: license, name: name)
    }

    /// What passes the filter, in order.
    func chosen(_ packages: [PackageSet.Package]) -> [PackageSet.Package] {
        let filter = filter
        return sort.sorted(packages.filter(filter.keeps))
    }
}

extension PackageSet.Kind: ExpressibleByArgument {}
extension PackageOrder: ExpressibleByArgument {}
