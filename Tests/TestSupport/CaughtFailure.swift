import Failures

/// The failure that `body` throws; nil where it throws none, or something that is no sentence for a person.
public func failure(_ body: () throws -> Void) -> (any Failure)? {
    do {
        try body()
        return nil
    } catch {
        return error as? any Failure
    }
}
