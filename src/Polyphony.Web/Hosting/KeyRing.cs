using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.DataProtection;

namespace Polyphony.Web.Hosting;

/// <summary>The data-protection keys that cookies and forms are sealed with: in a directory of their own, encrypted where a certificate is set.</summary>
internal static class KeyRing
{
    public static void AddKeyRing(this IServiceCollection services, PolyphonyOptions options, DataDirectory data, string contentRoot)
    {
        IDataProtectionBuilder ring = services.AddDataProtection().SetApplicationName("Polyphony").PersistKeysToFileSystem(new DirectoryInfo(data.Keys));
        if (ReadCertificate(options, contentRoot) is { } certificate)
        {
            ring.ProtectKeysWithCertificate(certificate);
        }
    }

    /// <summary>The certificate that is set, if any.</summary>
    /// <exception cref="CryptographicException">The file is missing, is not one, has another password, or holds no private RSA key.</exception>
    public static X509Certificate2? ReadCertificate(PolyphonyOptions options, string contentRoot)
    {
        if (options.KeyCertificate.Length == 0)
        {
            return null;
        }

        X509Certificate2 certificate = X509CertificateLoader.LoadPkcs12FromFile(Path.GetFullPath(options.KeyCertificate, contentRoot), options.KeyCertificatePassword);
        using RSA? key = certificate.GetRSAPrivateKey();
        return key is null ? throw new CryptographicException("No private RSA key.") : certificate;
    }
}
