import Digests

/// Puts the components of a set of packages together.
struct PackageComponents {
    let graph: DependencyGraph
    private(set) var components: [BillOfMaterials.Component] = []
    private(set) var dependencies: [String: [String]] = [:]
    private var references: Set<String> = []
    private var ofNode: [DependencyGraph.Node: String] = [:]

    /// - Parameter md5: upstream's, by SHA-256.
    init(_ set: PackageSet, md5: [SHA256Digest: String]) {
        graph = DependencyGraph(set)
        for package in set.packages.sorted(by: {
            ($0.kind, $0.filename, $0.sha256) < ($1.kind, $1.filename, $1.sha256)
        }) {
            var component = Self.component(package)
            component.md5 = md5[package.sha256].flatMap { digits in
                digits.utf8.count == 32 && Hex.decode(digits) != nil ? digits : nil
            }
            component.reference = unique(component.reference)
            components.append(component)
            let node = DependencyGraph.Node(package)
            if ofNode[node] == nil { ofNode[node] = component.reference }
        }
        for node in graph.nodes {
            guard let reference = ofNode[node] else { continue }
            dependencies[reference] = sorted(graph.dependencies(of: node))
        }
    }

    /// What was asked for, and the Python that it stands on.
    var roots: [String] { sorted(graph.roots + (graph.interpreter.map { [$0] } ?? [])) }

    /// The text itself, or where something else is called so already, with a number.
    mutating func unique(_ reference: String) -> String {
        var result = reference
        var count = 1
        while !references.insert(result).inserted {
            count += 1
            result = "\(reference)#\(count)"
        }
        return result
    }

    private func sorted(_ nodes: [DependencyGraph.Node]) -> [String] {
        Set(nodes.compactMap { ofNode[$0] }).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    private static func component(_ package: PackageSet.Package) -> BillOfMaterials.Component {
        let url: PackageURL
        let kind: BillOfMaterials.Component.Kind
        switch package.kind {
        case .conda:
            kind = .conda
            url = .conda(
                name: package.name, version: package.version, build: package.build, channel: package.channel,
                subdir: package.subdir, filename: package.filename)
        case .wheel:
            kind = .wheel
            url = .wheel(name: package.name, version: package.version, filename: package.filename)
        case .python:
            kind = .interpreter
            url = PackageURL(type: "generic", name: package.name, version: package.version)
        }
        var component = BillOfMaterials.Component(
            kind, url.description, name: package.name, version: package.version)
        component.package = url.isNamed ? url : nil
        component.filename = package.filename
        component.sha256 = package.sha256
        component.license = LicenseStatement(text: package.license, source: package.licenseSource)
        component.requested = package.requested
        component.released = package.released
        component.url = package.url.flatMap(WebAddress.download)
        component.facts = facts(package, component)
        if component.license.isFromClassifiers, component.license.text != nil {
            component.remark =
                "Its licence is read from trove classifiers, the last resort: nothing else states one."
        }
        return component
    }

    private static func facts(
        _ package: PackageSet.Package, _ component: BillOfMaterials.Component
    ) -> [BillOfMaterials.Fact] {
        var facts: [BillOfMaterials.Fact] = []
        func add(_ name: String, _ value: String?) {
            if let value, !value.isEmpty { facts.append(.init(name, value)) }
        }
        add("build", package.build)
        add("channel", package.channel)
        add("subdir", package.subdir)
        add("filename", package.filename)
        if component.url == nil { add("location", package.url) }
        add("archive:bytes", package.size.map { "\($0)" })
        add("installed:bytes", package.installedBytes.map { "\($0)" })
        add("license:source", package.licenseSource)
        let told = component.license.expression?.description ?? component.license.words
        if package.license != told { add("license:text", package.license) }
        for hook in package.hooks ?? [] { add("hook", hook) }
        return facts
    }
}
