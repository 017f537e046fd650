import Failures
import TestSupport
import Testing
import Trust

/// Lines of allowed_signers files mean what they mean to OpenSSH, save for the differences that are in the table.
@Suite struct AllowedSignerLineTests {
    private static let signer = SignatureBuilder()
    private static let other = SignatureBuilder { $0.seed[0] = 9 }
    private static let signature = signer.armored(Vector.message)

    private static func bytes(_ line: AllowedSignerLine) -> [UInt8] {
        var text = line.line + "\n"
        for (name, value) in [
            ("KEY", signer.publicKey), ("OTHER", other.publicKey), ("BLOB", Base64.encode(signer.key)),
        ] {
            text = text.split(separator: name, omittingEmptySubsequences: false).joined(separator: value)
        }
        return Array(text.utf8)
    }

    @Test(arguments: AllowedSignerLine.all)
    func isRead(_ line: AllowedSignerLine) throws {
        let bytes = Self.bytes(line)
        switch line.here {
        case .counts, .doesNot:
            let policy = try TrustPolicy(allowed: AllowedSigners.read(bytes, file: "signers"))
            let isCounted = if case .counts = line.here { true } else { false }
            #expect(policy.judge([Self.signature]).isSatisfied == isCounted)
        case .refused(let words):
            let fault = failure { _ = try AllowedSigners.read(bytes, file: "signers") }
            #expect(fault?.description.contains(words) == true, "\(fault?.description ?? "no error")")
            #expect(fault?.kind == .trust)
        }
    }

    @Test(.enabled(if: Keygen.isHere, "there is no ssh-keygen"), arguments: AllowedSignerLine.all)
    func meansTheSameToOpenSSH(_ line: AllowedSignerLine) throws {
        let isGood = try Keygen().verifies(Vector.message, Self.signature, allowed: Self.bytes(line))
        #expect(isGood == line.isGoodForOpenSSH)
    }
}
