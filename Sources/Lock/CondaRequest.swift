/// One entry of `[conda] dependencies`.
public struct CondaRequest: Sendable {
    /// As the spec writes it, without credentials.
    public let text: String
    public let place: Place

    public init(_ text: String, place: Place) throws(LockError) {
        self.text = CleanLocation.of(text)
        self.place = place
    }
}
