import Conda

/// One entry of `[conda] dependencies`.
public struct CondaRequest: Sendable {
    /// As the spec writes it, without credentials.
    public let text: String
    public let spec: MatchSpec
    public let place: Place

    /// - Throws: where it is no match spec (CEP 29).
    public init(_ text: String, place: Place) throws(LockError) {
        self.text = CleanLocation.of(text)
        self.place = place
        do throws(CondaError) { spec = try MatchSpec(text) } catch {
            throw LockError(
                file: place.file, line: place.line,
                reason: "[conda] dependencies names '\(self.text)', which is no match spec (CEP 29): "
                    + CleanLocation.of(error.reason))
        }
    }
}
