import Failures
import Testing
import Wheels

// Literals that read like the specifications; a literal that is malformed fails its test.

func version(_ text: String) throws -> PythonVersion { try PythonVersion(text) }
func specifiers(_ text: String) throws -> VersionSpecifiers { try VersionSpecifiers(text) }

/// The reason given for refusing, nil when nothing is refused.
func reason<T>(_ make: () throws(WheelError) -> T) -> String? {
    do {
        _ = try make()
        return nil
    } catch {
        return error.description
    }
}

/// The sentences of all failures, nil when nothing is refused.
func reasons<T>(_ make: () throws -> T) -> [String]? {
    do {
        _ = try make()
        return nil
    } catch let list as FailureList {
        return list.failures.map(\.description)
    } catch {
        return ["\(error)"]
    }
}

func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }
