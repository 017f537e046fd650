extension AllowedSigner {
    /// Why this line does not allow the signature; nil where it does.
    func refusal(of signature: SSHSignature, at unixSeconds: Int64) -> String? {
        if let namespaces = options.namespaces, !namespaces.matches(Array(signature.namespace.utf8)) {
            return "the key may not sign for '\(signature.namespace)'"
        }
        if let after = options.validAfter, unixSeconds < after.unixSeconds {
            return "the key is not valid before \(after)"
        }
        if let before = options.validBefore, unixSeconds > before.unixSeconds {
            return "the key was valid until \(before)"
        }
        guard let use = signature.securityKey else { return nil }
        if !use.isUserPresent, !options.needsNoTouch {
            return "nobody touched the hardware key, and its line does not say no-touch-required"
        }
        if !use.isUserVerified, options.needsVerification {
            return "the hardware key did not verify who used it, and its line says verify-required"
        }
        return nil
    }
}

extension LocalTime: CustomStringConvertible {
    var description: String {
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return "\(year)-\(two(month))-\(two(day)) \(two(hour)):\(two(minute)):\(two(second))"
            + (isUTC ? " UTC" : " in the time zone of this machine")
    }
}
