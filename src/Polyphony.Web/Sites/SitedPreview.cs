using Microsoft.AspNetCore.Http.HttpResults;
using Polyphony.Sheets;
using Polyphony.Storage.Mandates;
using Polyphony.Storage.Pools;
using Polyphony.Web.Audiences;

namespace Polyphony.Web.Sites;

/// <summary>A file of many sites, read: a part for each site that it names, and every problem of the whole file.</summary>
/// <param name="Problems">In the order of the rows; with more than are listed, the first ones.</param>
/// <param name="ProblemCount">How many there are.</param>
internal sealed record SitedReading<T>(IReadOnlyList<(Site Site, T Reading)> Parts, IReadOnlyList<SheetProblem> Problems, int ProblemCount);

internal static class SitedReading
{
    public static SitedReading<T> Of<T>(List<(Site, T)> parts, IReadOnlyList<SheetProblem> problems, int count) =>
        new(parts, [.. problems.OrderBy(problem => problem.Row).Take(SheetProblem.MostListed)], count);
}

/// <summary>Shows a file of many sites before anything of it counts.</summary>
internal static class SitedPreview
{
    /// <param name="what">quotas or pool.</param>
    /// <param name="first">The first number that is shown of a site: criteria, or people.</param>
    /// <param name="second">The second one: values, or households; null for none.</param>
    public static RazorComponentResult<SitedPreviewPage> Page<T>(DialogueScope scope, string what, StagedUpload upload, SitedReading<T> reading, Func<T, int> first, Func<T, int>? second)
    {
        HashSet<string> named = [.. reading.Parts.Select(part => part.Site.Code)];
        return new(new
        {
            Model = new SitedPreviewModel(
                scope, what, upload, [.. reading.Parts.OrderBy(part => part.Site.Position).Select(part => (part.Site, first(part.Reading), second?.Invoke(part.Reading)))],
                [.. scope.Sites.Where(site => !named.Contains(site.Code))], reading.Problems, reading.ProblemCount),
        })
        {
            StatusCode = reading.ProblemCount > 0 ? StatusCodes.Status422UnprocessableEntity : StatusCodes.Status200OK,
        };
    }
}

/// <summary>What is shown of a file of many sites.</summary>
/// <param name="Missing">Sites that the file does not name.</param>
public sealed record SitedPreviewModel(
    DialogueScope Scope, string What, StagedUpload Upload, IReadOnlyList<(Site Site, int First, int? Second)> Parts, IReadOnlyList<Site> Missing, IReadOnlyList<SheetProblem> Problems, int ProblemCount);
