using Polyphony.Web.Audiences;

namespace Polyphony.Web.Insights;

/// <summary>What the numbers say: where groups and sites agree, and how views changed.</summary>
internal static class InsightsFeature
{
    public static void MapInsights(this IEndpointRouteBuilder app)
    {
        ShowInsights.Map(app.MapStaffReader());
        ShowPublicInsights.Map(app.MapPublicDialogue());
    }
}
