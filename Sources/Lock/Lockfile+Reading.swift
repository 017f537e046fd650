import Digests
import Failures
import Yams

extension Lockfile {
    /// Reads what ``text`` writes; refuses unknown versions and keys as other readers of the format do.
    /// - Parameter file: how errors name it.
    /// - Throws: all problems at once, each a ``LockError`` with its line.
    public static func read(_ bytes: [UInt8], file: String) throws(FailureList) -> Lockfile {
        let root: Node
        do throws(LockError) { root = try YAMLReader.root(bytes, file: file) } catch {
            throw FailureList([error])
        }
        var reader = LockfileReader(yaml: YAMLReader(file: file))
        let lock = reader.lockfile(root)
        if let failures = reader.yaml.failures { throw failures }
        return lock
    }
}
