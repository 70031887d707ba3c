using Microsoft.EntityFrameworkCore;
using Polyphony.Dialogues;
using Polyphony.Sheets;
using Polyphony.Storage;
using Polyphony.Storage.Pools;
using Polyphony.Web.Audiences;
using Polyphony.Web.Hosting;

namespace Polyphony.Web.Recruitment;

/// <summary>A file on its way in: read and checked at once, laid aside until the organiser confirms.</summary>
internal static class UploadedSheet
{
    /// <summary>How long a file waits for its confirmation.</summary>
    public static readonly TimeSpan Waits = TimeSpan.FromHours(24);

    /// <summary>The notice that a file is not there, or not in this dialogue.</summary>
    public const string Gone = "upload-gone";

    /// <summary>The status of the page that says what became of a file.</summary>
    public static int StatusOf(string notice, IReadOnlyList<SheetProblem> problems) =>
        notice == Gone ? StatusCodes.Status404NotFound : problems.Count > 0 ? StatusCodes.Status422UnprocessableEntity : StatusCodes.Status200OK;

    /// <summary>Reads the file of a form.</summary>
    /// <returns>The name, the bytes and the table; or the problems.</returns>
    public static async Task<(string Name, byte[] Content, Sheet? Sheet, IReadOnlyList<SheetProblem> Problems)> ReadAsync(IFormFile? file, CancellationToken cancellationToken)
    {
        if (file is null || file.FileName.Length == 0)
        {
            return ("", [], null, [new SheetProblem("no-file", "")]);
        }

        if (file.Length > SheetLimits.FileBytes)
        {
            return (file.FileName, [], null, [new SheetProblem("file-too-large", file.FileName, Expected: "10 MB")]);
        }

        using MemoryStream content = new((int)file.Length);
        await file.CopyToAsync(content, cancellationToken);
        byte[] bytes = content.ToArray();
        return SheetReader.Read(file.FileName, bytes) switch
        {
            SheetReading.Read read => (file.FileName, bytes, read.Sheet, []),
            SheetReading.Refused refused => (file.FileName, bytes, null, refused.Problems),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    /// <summary>What a refused file holds but for cells beyond its headers: to be looked through for everything else that is wrong, and never to be used.</summary>
    public static Sheet? Ragged(string name, byte[] content) => content.Length > 0 && SheetReader.Read(name, content) is SheetReading.Refused { Ragged: { } sheet } ? sheet : null;

    /// <summary>Lays a readable file aside and drops what waited too long.</summary>
    /// <param name="site">The site that it is about; null for a file of many sites.</param>
    public static async Task<StagedUpload> StageAsync(Db db, DialogueScope scope, SiteId? site, UploadKind kind, string name, byte[] content, string mapping, TimeProvider clock, CancellationToken cancellationToken)
    {
        DateTimeOffset now = clock.GetUtcNow();
        await db.StagedUploads.Where(upload => upload.DialogueId == scope.DialogueId && upload.SiteId == site && upload.Kind == kind).ExecuteDeleteAsync(cancellationToken);
        StagedUpload staged = new()
        {
            Id = Guid.CreateVersion7(now),
            DialogueId = scope.DialogueId,
            SiteId = site,
            Kind = kind,
            FileName = name,
            Content = content,
            MappingJson = mapping,
            CreatedAt = now,
        };
        db.StagedUploads.Add(staged);
        await db.SaveChangesAsync(cancellationToken);
        return staged;
    }

    public static async Task<(StagedUpload Upload, Sheet Sheet)?> FindAsync(Db db, DialogueScope scope, SiteId? site, UploadKind kind, Guid id, TimeProvider clock, CancellationToken cancellationToken) =>
        await db.StagedUploads.SingleOrDefaultAsync(upload => upload.Id == id && upload.DialogueId == scope.DialogueId && upload.SiteId == site && upload.Kind == kind, cancellationToken) is { } found
        && clock.GetUtcNow() - found.CreatedAt < Waits
        && SheetReader.Read(found.FileName, found.Content) is SheetReading.Read read
            ? (found, read.Sheet)
            : null;

    /// <summary>Lets an endpoint take a file of the greatest size.</summary>
    public static RouteHandlerBuilder TakesFile(this RouteHandlerBuilder builder) =>
        builder.TakesForm().WithMetadata(new Microsoft.AspNetCore.Mvc.RequestSizeLimitAttribute(UploadLimits.Request));
}
