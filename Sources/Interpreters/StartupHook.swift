/// The `sitecustomize.py` that a captured interpreter gets: it repairs the two absolute paths that are compiled
/// into OpenSSL and mean nothing on another distribution. It touches only what is missing, and imports only
/// what is loaded already.
enum StartupHook {
    /// The certificate bundles of Debian, Ubuntu and Arch; of RHEL, Fedora and Amazon; of newer ones of these;
    /// of SLES; of openSUSE; of Alpine.
    static let bundles = [
        "/etc/ssl/certs/ca-certificates.crt",
        "/etc/pki/tls/certs/ca-bundle.crt",
        "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
        "/etc/ssl/ca-bundle.pem",
        "/var/lib/ca-certificates/ca-bundle.pem",
        "/etc/ssl/cert.pem",
    ]

    /// Where distributions keep OpenSSL's own modules.
    static let moduleDirectories = [
        "/usr/lib64/ossl-modules", "/usr/lib/ossl-modules", "/usr/lib/x86_64-linux-gnu/ossl-modules",
        "/usr/lib/aarch64-linux-gnu/ossl-modules",
    ]

    /// - Parameters:
    ///   - certificateFile: the compiled-in places; nil without an ssl module.
    ///   - modules: the compiled-in directory of OpenSSL's modules; nil where none are carried.
    static func source(certificateFile: String?, certificateDirectory: String?, modules: String?) -> String {
        var text = """
            # Written by Airlift when this interpreter was captured.
            import os, sys


            def _repair(environ=os.environ, exists=os.path.exists):

            """
        var hasBody = false
        if certificateFile != nil || certificateDirectory != nil {
            hasBody = true
            let places = [certificateFile, certificateDirectory].compactMap { $0 }
            text += """
                    # The certificates that OpenSSL was built to look for are not on every distribution.
                    if "SSL_CERT_FILE" not in environ and "SSL_CERT_DIR" not in environ:
                        if not any(map(exists, \(tuple(places)))):
                            for bundle in \(tuple(bundles)):
                                if exists(bundle):
                                    environ["SSL_CERT_FILE"] = bundle
                                    break

                """
        }
        if let modules {
            hasBody = true
            // Child processes inherit the variable. Where the host has modules of its own, its OpenSSL must
            // go on finding them: a host in FIPS mode fails without.
            let directories = [modules] + moduleDirectories.filter { $0 != modules }
            text += """
                    # OpenSSL's legacy module is carried beside the interpreter.
                    if "OPENSSL_MODULES" not in environ and not any(map(exists, \(tuple(directories)))):
                        environ["OPENSSL_MODULES"] = os.path.join(sys.base_prefix, "lib", "ossl-modules")

                """
        }
        if !hasBody { text += "    pass\n" }
        return text + "\n\n_repair()\ndel _repair\n"
    }

    /// A tuple of Python's; texts are escaped as far as paths can need it.
    private static func tuple(_ texts: [String]) -> String {
        let quoted = texts.map { text -> String in
            var escaped = ""
            for scalar in text.unicodeScalars {
                switch scalar {
                case "\\", "\"": escaped += "\\" + String(scalar)
                case _ where scalar.value < 0x20: escaped += "?"
                default: escaped.unicodeScalars.append(scalar)
                }
            }
            return "\"\(escaped)\""
        }
        return "(" + quoted.joined(separator: ", ") + ",)"
    }
}
