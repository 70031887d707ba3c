using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Polyphony.Proofs;
using Polyphony.Storage.Journal;
using Polyphony.Web.Audiences;

namespace Polyphony.Web.Draws;

/// <summary>The manifests of many sites in one list, whose hash stands for all of them in the log and on paper.</summary>
internal static class SiteManifests
{
    /// <summary>A line for each site: its code, a blank and the hash of its manifest, by code as text.</summary>
    public static byte[] List(IEnumerable<(string Code, string Hash)> sites) =>
        Encoding.UTF8.GetBytes(string.Concat(sites.OrderBy(site => site.Code, StringComparer.Ordinal).Select(site => $"{site.Code} {site.Hash}\n")));

    /// <summary>The hash of the list.</summary>
    public static string Hash(byte[] list) => Convert.ToHexStringLower(SHA256.HashData(list));

    /// <summary>The entry of the log that holds all sites together.</summary>
    public static JournalEntry Entry(string code, DialogueScope scope, DateTimeOffset at, IEnumerable<(string Code, string ManifestJson)> sites) => new()
    {
        At = at,
        DialogueId = scope.DialogueId,
        StaffId = scope.Staff.Id,
        Code = code,
        Facts = Encoding.UTF8.GetString(CanonicalJson.Serialize(new JsonObject
        {
            ["list"] = Hash(List(sites.Select(site => (site.Code, Convert.ToHexStringLower(Pd1.ManifestHash(Encoding.UTF8.GetBytes(site.ManifestJson))))))),
        })),
    };
}
