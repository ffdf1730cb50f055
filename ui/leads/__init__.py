"""The room 主协办: cases of the district by stage of coordination, their leads and co-handlers, who could take part."""
