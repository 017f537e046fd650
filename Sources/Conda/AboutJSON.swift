/// `info/about.json`: what a person may want to know of a package. Everything in it is optional.
public struct AboutJSON: Hashable, Sendable {
    public var license: String?
    public var licenseFamily: String?
    public var summary: String?
    public var description: String?
    public var home: String?
    public var documentation: String?
    /// Where its source is developed.
    public var development: String?

    public init() {}

    /// - Throws: for what is no JSON object. A field of an unexpected kind counts as not stated, for packages
    ///   of every age carry lists, numbers and null here, and nothing is decided by them.
    public init(json: [UInt8]) throws(CondaError) {
        var about = AboutJSON()
        do throws(CondaError) {
            try JSONScanner.read(json) { (scanner) throws(CondaError) in
                try scanner.object { (scanner, key) throws(CondaError) in
                    switch key {
                    case "license": about.license = try scanner.looseText()
                    case "license_family": about.licenseFamily = try scanner.looseText()
                    case "summary": about.summary = try scanner.looseText()
                    case "description": about.description = try scanner.looseText()
                    case "home": about.home = try scanner.looseText()
                    case "doc_url": about.documentation = try scanner.looseText()
                    case "dev_url": about.development = try scanner.looseText()
                    default: try scanner.skip()
                    }
                }
            }
        } catch {
            throw CondaError(.metadata, "info/about.json", error.asCause)
        }
        self = about
    }
}
