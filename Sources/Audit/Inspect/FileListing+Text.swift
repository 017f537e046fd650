import Bundle
import Failures

extension FileListing {
    /// For people.
    public var lines: [String] {
        Array(packages.map(lines).joined(separator: [""]))
    }

    private func lines(_ package: Package) -> [String] {
        let (node, contents) = (package.package, package.contents)
        let place = source == .archive ? "in the archive" : "as installed"
        var table = TextTable([("mode", .left), ("size", .right), ("sha256", .left), ("path", .left)])
        for file in contents.files {
            let link = file.link.map { " -> \($0)" } ?? ""
            table.add([
                file.mode, file.size.map { "\($0)" } ?? "", file.sha256?.hex ?? "a symbolic link",
                file.path + link + (file.rewritten == true ? " (rewritten when installed)" : ""),
            ])
        }
        let title =
            "\(node.name.printableASCII) \(node.version.printableASCII) (\(node.kind.rawValue)), \(place): \(contents.files.count) files, \(ByteCount.text(contents.bytes))"
        return [title, ""] + table.lines + Self.section("command", contents.entryPoints)
            + Self.section(
                "runs without being called", contents.hooks.map { "\($0.path) (\($0.kind.rawValue))" })
    }

    private static func section(_ title: String, _ items: [String]) -> [String] {
        guard !items.isEmpty else { return [] }
        var table = TextTable([(title, .left)])
        for item in items { table.add([item]) }
        return [""] + table.lines
    }

    /// Comma-separated values: a line for each file.
    public var csv: String {
        packages.reduce(
            into: CSV.line(["kind", "name", "version", "path", "mode", "size", "sha256", "link", "rewritten"])
        ) { text, package in
            for file in package.contents.files {
                text += CSV.line([
                    package.package.kind.rawValue, package.package.name, package.package.version, file.path,
                    file.mode, file.size.map { "\($0)" } ?? "", file.sha256?.hex ?? "", file.link ?? "",
                    file.rewritten == true ? "yes" : "no",
                ])
            }
        }
    }
}
