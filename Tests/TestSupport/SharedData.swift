import Glibc

/// Public data beside the package that tests use where it is there, and do without where it is not.
public enum SharedData {
    /// The directory with that name below `data/`: in `$AIRLIFT_SHARED`, else in `../shared` beside the package.
    public static func directory(_ name: String, file: String = #filePath) -> String? {
        var roots: [String] = []
        if let root = getenv("AIRLIFT_SHARED") { roots.append(String(cString: root)) }
        let package = file.split(separator: "/").dropLast(3).joined(separator: "/")
        roots.append("/\(package)/../shared")
        return roots.map { "\($0)/data/\(name)" }.first { access($0, R_OK) == 0 }
    }
}
