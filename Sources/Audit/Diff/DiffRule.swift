import Failures

/// A rule of `--fail-on`: which changes are not taken without somebody's looking at them.
public struct DiffRule: Hashable, Sendable, CustomStringConvertible {
    enum Meaning: Hashable, Sendable {
        case alarm(Alarm.Kind)
        /// Any licence that came in or changed; or one that leaves no choice without what is named here.
        case license(SPDXExpression?)
        /// A licence that no expression could be made of.
        case unknownLicense
        case any
    }

    /// As it was given.
    public let description: String
    let meaning: Meaning

    /// Every rule, as it is given.
    public static let names =
        Alarm.Kind.allCases.map(\.rawValue) + ["license", "license:EXPRESSION", "license:unknown", "any"]

    /// Reads rules between commas.
    /// - Throws: naming every one that is none, and all that there are.
    public static func list(_ text: String) throws -> [DiffRule] {
        var failures: [any Failure] = []
        let rules = text.split(separator: ",", omittingEmptySubsequences: false).compactMap { part in
            do throws(DiffRuleError) { return try DiffRule(String(part)) } catch {
                failures.append(error)
                return nil
            }
        }
        guard failures.isEmpty else { throw FailureList(failures) }
        return rules
    }

    init(_ text: String) throws(DiffRuleError) {
        let bytes = text.utf8.drop { $0 == 0x20 }
        let name = String(Substring(bytes.prefix(bytes.count - bytes.reversed().prefix { $0 == 0x20 }.count)))
        description = name
        let classPrefix = "license:"
        if let alarm = Alarm.Kind(rawValue: name) {
            meaning = .alarm(alarm)
        } else if name == "any" {
            meaning = .any
        } else if name == "license" {
            meaning = .license(nil)
        } else if name == "license:unknown" {
            meaning = .unknownLicense
        } else if name.hasPrefix(classPrefix) {
            do throws(SPDXExpressionError) {
                meaning = .license(try SPDXExpression(String(name.dropFirst(classPrefix.count))))
            } catch {
                throw DiffRuleError(name, error.description)
            }
        } else {
            throw DiffRuleError(name, nil)
        }
    }

    /// Whether the files of the packages must be read to judge it.
    public var needsFiles: Bool { meaning == .alarm(.newHook) || meaning == .alarm(.newNativeLibrary) }
}

/// What is no rule of `--fail-on`, or a rule that cannot be judged.
public struct DiffRuleError: Failure, Equatable {
    public let rule: String
    /// nil for a rule that there is not.
    public let reason: String?

    init(_ rule: String, _ reason: String?) {
        self.rule = rule
        self.reason = reason
    }

    public var kind: FailureKind { .usage }

    public var description: String {
        reason.map { "the rule '\(rule.printable)' cannot be judged: \($0.printable)" }
            ?? "'\(rule.printable)' is no rule of --fail-on; the rules are \(DiffRule.names.joined(separator: ", "))"
    }
}
