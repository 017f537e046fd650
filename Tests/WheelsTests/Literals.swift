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
