import Glibc

/// The executables that `make build` makes. The tests of this target run these and nothing else.
enum Product {
    struct Missing: Error, CustomStringConvertible {
        let path: String
        var description: String { "there is no '\(path)': run `make build` first" }
    }

    /// The package's root.
    static let root: String = {
        let parts = #filePath.split(separator: "/").dropLast(4)
        return "/" + parts.joined(separator: "/")
    }()

    static var airlift: String {
        get throws { try executable("bin/airlift") }
    }

    /// The static installer by itself.
    static var installer: String {
        get throws { try executable("libexec/airlift/airlift-installer-linux-64") }
    }

    private static func executable(_ name: String) throws -> String {
        let path = "\(root)/.build/product/\(name)"
        guard access(path, X_OK) == 0 else { throw Missing(path: path) }
        return path
    }
}
