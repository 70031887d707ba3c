using Microsoft.AspNetCore.Http.HttpResults;

namespace Polyphony.Web.Tables;

/// <summary>The table planner: tables as rings of people, measures, and the forms that change them. A script that asks for parts gets the person chosen alone.</summary>
internal static class ShowTables
{
    public static void Map(RouteGroupBuilder reader) => reader.MapGet("/tables", ShowAsync);

    private static async Task<IResult> ShowAsync(HttpRequest request, PlannerReader reader, CancellationToken cancellationToken)
    {
        PlannerModel model = await reader.ReadAsync(PlannerSight.Of(field => request.Query[field]), request.Query["notice"].ToString(), cancellationToken);
        return ChangeDraft.WantsParts(request) && model.Draft is not null
            ? new RazorComponentResult<PlannerParts>(new { Model = model, Changed = Array.Empty<int>() })
            : new RazorComponentResult<TablesPage>(new { Model = model });
    }
}
