import Failures

/// Does something with one archive, whose name every failure then tells: a rule of METADATA or of an entry point
/// knows nothing of the wheel that breaks it.
func naming<Result>(_ filename: String, _ body: () throws -> Result) throws -> Result {
    do { return try body() } catch let list as FailureList {
        throw FailureList(list.failures.map { named($0, filename) })
    } catch let failure as any Failure {
        throw named(failure, filename)
    }
}

private func named(_ failure: any Failure, _ filename: String) -> any Failure {
    let words = failure.description
    return words.contains(filename) ? failure : CommandError(failure.kind, "in '\(filename)': \(words)")
}
