/// What a package's metadata says about its licence, and how much of it can be relied on.
public struct LicenseStatement: Hashable, Sendable {
    /// Where a statement stands.
    public enum Source: String, Hashable, Sendable, CaseIterable {
        /// A wheel's License-Expression (PEP 639).
        case expression
        /// A wheel's free field License.
        case text
        /// A wheel's trove classifiers, where it has nothing better: the last resort.
        case classifiers
        /// The field of a conda package, which is an expression by convention and free text in fact.
        case conda
    }

    /// As the metadata has it; several classifiers are joined by `; `. nil where nothing is stated.
    public let text: String?
    /// nil where it is not known, as in manifests of before it was recorded.
    public let source: Source?
    /// nil where nothing is stated, or what is stated names no licence exactly.
    public let expression: SPDXExpression?

    /// - Parameter source: `license_source` of the manifest.
    public init(text: String?, source: String?) {
        let known = source.flatMap(Source.init)
        self.text = text
        self.source = known
        expression = text.flatMap { Self.expression($0, known) }
    }

    private static func expression(_ text: String, _ source: Source?) -> SPDXExpression? {
        switch source {
        case .classifiers: LicenseClassifiers.expression(text)
        case .expression: try? SPDXExpression(text)
        case .text, .conda, nil: SPDXExpression.normalizing(text)
        }
    }

    /// Derived from classifiers alone, which say less than a licence field: to be marked where it is shown.
    public var isFromClassifiers: Bool { source == .classifiers }
}
